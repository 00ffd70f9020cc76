-- The revisions of the articles that a key in `shared_key` identifies, or that are in `merged_article`, each with the
-- keys that it has without those, in the order in which they were loaded.
with
owners as (
    select article_alias.article_id
    from ops.article_alias
    semi join shared_key on shared_key.kind = article_alias.kind and shared_key.value = article_alias.value
    where article_alias.article_id > 0

    union

    select article_id
    from merged_article
),

known as (
    select
        article_alias.kind,
        article_alias.value,
        article_alias.article_id
    from ops.article_alias
    anti join shared_key on shared_key.kind = article_alias.kind and shared_key.value = article_alias.value
    where article_alias.article_id > 0
)

select
    fact_article.article_key,
    fact_article.article_id,
    ids.kind as native_kind,
    ids.value as native_id,
    if(fact_article.identity_basis <> 'content', urls.value, null) as url,
    coalesce(fact_article.content_key, fact_article.content_hash) as content_key
from news.fact_article
semi join owners on owners.article_id = fact_article.article_id
left join known as ids
    on ids.article_id = fact_article.article_id
    and ids.value = fact_article.native_id
    and ids.kind in ('native_id', 'native_id:' || fact_article.source)
    and fact_article.identity_basis = 'native_id'
left join known as urls on urls.kind = 'url' and urls.value = fact_article.url
qualify row_number() over (partition by fact_article.article_key order by ids.kind) = 1
order by fact_article.article_id, fact_article.article_key;
