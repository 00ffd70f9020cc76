-- Articles of one batch that must not be loaded again: one of their keys, or their content, was taken down.
create or replace temp table taken_down as
with
articles as (
    select
        article.ordinal,
        article.position,
        incoming_dump.dump_key,
        article.native_kind,
        article.native_id,
        article.url,
        article.content_key,
        article.content_hash
    from read_parquet($articles_path) as article
    inner join incoming_dump on incoming_dump.delivery = article.delivery and incoming_dump.state = 'loaded'
    anti join read_parquet($rejected_path) as rejected on rejected.ordinal = article.ordinal
    where exists (select 1 from ops.takedown)
),

keys as (
    select ordinal, native_kind as kind, native_id as value
    from articles

    union all

    select ordinal, 'url' as kind, url as value
    from articles

    union all

    select ordinal, 'content' as kind, content_key as value
    from articles

    union all

    select ordinal, 'content_hash' as kind, content_hash as value
    from articles
),

found as (
    select
        keys.ordinal,
        min(takedown.taken_down_at) as taken_down_at,
        arg_min(takedown.reason, takedown.taken_down_at) as reason
    from keys
    inner join ops.takedown on takedown.kind = keys.kind and takedown.value = keys.value
    group by keys.ordinal
)

select
    articles.ordinal,
    articles.dump_key,
    articles.position,
    'it was taken down on ' || strftime(found.taken_down_at, '%Y-%m-%d')
    || ' and must not be loaded again: ' || found.reason as reason
from articles
inner join found on found.ordinal = articles.ordinal;

update incoming_dump
set rejected = incoming_dump.rejected + counted.articles
from (select dump_key, count(*) as articles from taken_down group by dump_key) as counted
where counted.dump_key = incoming_dump.dump_key;
