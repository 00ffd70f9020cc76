create or replace view ops.dump_status as
with
attempts as (
    select
        dump_key,
        count(*) as attempts,
        count(*) filter (state = 'refused') as refusals,
        arg_max(run_id, loaded_at) as last_run_id
    from ops.dump_load
    group by dump_key
)

select
    dump.dump_key,
    dump.path,
    dump.source,
    dump.format,
    case
        when dump_load.state is null then 'new'
        when dump_load.state = 'refused' and attempts.refusals >= 3 then 'parked'
        else dump_load.state
    end as state,
    coalesce(attempts.attempts, 0) as attempts,
    dump_load.articles_declared,
    dump_load.marks_seen,
    dump_load.articles_read,
    dump_load.inserted,
    dump_load.revised,
    dump_load.unchanged,
    dump_load.rejected,
    dump_load.skipped,
    dump_load.reason,
    dump_load.run_id,
    dump_load.loaded_at,
    dump.sha256,
    dump.manifest_sha256
from ops.dump
left join attempts on attempts.dump_key = dump.dump_key
left join ops.dump_load on dump_load.dump_key = dump.dump_key and dump_load.run_id = attempts.last_run_id;

comment on view ops.dump_status is 'One row per delivery with its last load. Key: dump_key.';
comment on column ops.dump_status.dump_key is 'Surrogate key of the delivery';
comment on column ops.dump_status.path is 'Path of the delivery';
comment on column ops.dump_status.source is 'Feed that it belongs to';
comment on column ops.dump_status.format is 'Format it was first read as';
comment on column ops.dump_status.state is 'new, loaded, refused, failed, parked (refused three times: not tried again until released) or unloaded';
comment on column ops.dump_status.attempts is 'Runs that took it';
comment on column ops.dump_status.articles_declared is 'Articles that the dump or its manifest says it holds';
comment on column ops.dump_status.marks_seen is 'Articles counted by a scan that is not the parser';
comment on column ops.dump_status.articles_read is 'Articles found in the last load';
comment on column ops.dump_status.inserted is 'Articles not known before the last load';
comment on column ops.dump_status.revised is 'New revisions by the last load';
comment on column ops.dump_status.unchanged is 'Articles already stored before the last load';
comment on column ops.dump_status.rejected is 'Articles not loaded by the last load';
comment on column ops.dump_status.skipped is 'JSON: pieces that are no articles, counted by kind';
comment on column ops.dump_status.reason is 'Why it was refused or failed; otherwise warnings';
comment on column ops.dump_status.run_id is 'Run of the last load';
comment on column ops.dump_status.loaded_at is 'Start of that run, UTC';
comment on column ops.dump_status.sha256 is 'SHA-256 of the file';
comment on column ops.dump_status.manifest_sha256 is 'SHA-256 of what was stated of it from outside';
