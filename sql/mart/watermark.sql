-- after: ops.publication, mart.daily_volume
create or replace view mart.watermark as
with
last_run as (
    select
        run_id,
        trigger,
        started_at,
        finished_at,
        state,
        versions
    from ops.load_run
    order by run_number desc
    limit 1
),

last_schema as (
    select
        version,
        fingerprint
    from ops.schema_version
    order by applied_at desc, version desc
    limit 1
),

archive as (
    select
        coalesce(sum(articles), 0)::bigint as articles,
        min(published_date) as first_date,
        max(published_date) as last_date
    from mart.daily_volume
)

select
    publication.number,
    publication.published_at,
    last_run.run_id,
    last_run.trigger,
    last_run.started_at as loaded_at,
    if(last_run.state = 'verified', last_run.finished_at, null) as verified_at,
    last_schema.version as schema_version,
    last_schema.fingerprint as schema_fingerprint,
    json_extract_string(last_run.versions, '$.broadsheet') as broadsheet_version,
    archive.articles,
    archive.first_date,
    archive.last_date
from last_run
cross join last_schema
cross join archive
left join ops.publication on publication.run_id = last_run.run_id
qualify row_number() over (order by publication.number desc) = 1;

comment on view mart.watermark is 'One row: what this file is, how far its data go and when it was made.';
comment on column mart.watermark.number is 'Number of the published copy, as in its file name; empty if this load has not been published';
comment on column mart.watermark.published_at is 'When it was published, UTC';
comment on column mart.watermark.run_id is 'The last run included in it';
comment on column mart.watermark.trigger is 'What started that run, or what it did';
comment on column mart.watermark.loaded_at is 'Start of that run, UTC: anything that arrived later is not included';
comment on column mart.watermark.verified_at is 'When that run passed its verification, UTC; empty until then';
comment on column mart.watermark.schema_version is 'Number of the last file in sql/migrations that was applied; 0 before the first';
comment on column mart.watermark.schema_fingerprint is 'SHA-256 of the CREATE and COMMENT statements applied';
comment on column mart.watermark.broadsheet_version is 'Version of Broadsheet that loaded it';
comment on column mart.watermark.articles is 'Articles in mart.article';
comment on column mart.watermark.first_date is 'Earliest date of these articles, as printed; empty if none is known';
comment on column mart.watermark.last_date is 'Latest date of these articles, as printed; empty if none is known';
