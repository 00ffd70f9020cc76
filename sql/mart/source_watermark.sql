-- after: ops.dump_load, news.fact_article
create or replace view mart.source_watermark as
with
deliveries as (
    select
        dump.source,
        count(*) filter (dump_load.state = 'loaded') as deliveries,
        arg_max(dump_load.loaded_at, load_run.run_number) filter (dump_load.state = 'loaded') as last_loaded_at,
        arg_max(dump_load.loaded_at, load_run.run_number)
            filter (dump_load.state in ('refused', 'failed')) as last_refused_at
    from ops.dump
    inner join ops.dump_load on dump_load.dump_key = dump.dump_key
    inner join ops.load_run on load_run.run_id = dump_load.run_id
    where dump_load.kind = 'delivery'
    group by dump.source
),

articles as (
    select
        source,
        count(*) as articles,
        count(distinct nullif(publication_key, 0)) as publications,
        min(nullif(published_date_key, 0)) as first_date_key,
        max(nullif(published_date_key, 0)) as last_date_key
    from news.fact_article
    where is_current and status <> 'canceled'
    group by source
)

select
    deliveries.source,
    deliveries.deliveries,
    deliveries.last_loaded_at,
    deliveries.last_refused_at,
    coalesce(articles.articles, 0) as articles,
    coalesce(articles.publications, 0) as publications,
    first_date.date as first_date,
    last_date.date as last_date
from deliveries
left join articles on articles.source = deliveries.source
left join news.dim_date as first_date on first_date.date_key = articles.first_date_key
left join news.dim_date as last_date on last_date.date_key = articles.last_date_key;

comment on view mart.source_watermark is 'One row per feed that has delivered: how far its data go. Key: source.';
comment on column mart.source_watermark.source is 'Feed';
comment on column mart.source_watermark.deliveries is 'Deliveries loaded';
comment on column mart.source_watermark.last_loaded_at is 'Start of the last run that loaded one, UTC';
comment on column mart.source_watermark.last_refused_at is 'Start of the last run in which one was refused or failed, UTC; empty if none was';
comment on column mart.source_watermark.articles is 'Its articles in mart.article: those whose current revision it delivered';
comment on column mart.source_watermark.publications is 'Known publications among them';
comment on column mart.source_watermark.first_date is 'Earliest date of these articles, as printed; empty if none is known';
comment on column mart.source_watermark.last_date is 'Latest date of these articles, as printed: its data go up to this day; empty if none is known';
