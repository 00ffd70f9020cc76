-- The stored articles that the keys of one batch identify, each with all its keys. Grows chunk by chunk.
create or replace temp table known_alias as
with
articles as (
    select
        article.native_kind,
        article.native_id,
        article.url_key as url,
        article.content_key
    from read_parquet($articles_path) as article
    semi join incoming_dump on incoming_dump.delivery = article.delivery and incoming_dump.state = 'loaded'
),

keys as (
    select native_kind as kind, native_id as value
    from articles

    union all

    select 'url' as kind, url as value
    from articles

    union all

    select 'content' as kind, content_key as value
    from articles
),

found as (
    select article_alias.article_id
    from ops.article_alias
    semi join keys on keys.kind = article_alias.kind and keys.value = article_alias.value
)

select
    article_alias.kind,
    article_alias.value,
    article_alias.article_id
from ops.article_alias
semi join found on found.article_id = article_alias.article_id;
