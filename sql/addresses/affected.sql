-- The revisions of the articles that an address in `shared_address` identifies, or that are in `merged_article`, each
-- with the keys that it has without those addresses, in the order in which they were loaded.
with
owners as (
    select article_alias.article_id
    from ops.article_alias
    semi join shared_address on shared_address.url = article_alias.value
    where article_alias.kind = 'url' and article_alias.article_id > 0

    union

    select article_id
    from merged_article
)

select
    fact_article.article_key,
    fact_article.article_id,
    ids.kind as native_kind,
    ids.value as native_id,
    if(shared_address.url is null and fact_article.identity_basis <> 'content', fact_article.url, null) as url,
    coalesce(fact_article.content_key, fact_article.content_hash) as content_key
from news.fact_article
semi join owners on owners.article_id = fact_article.article_id
left join ops.article_alias as ids
    on ids.article_id = fact_article.article_id
    and ids.value = fact_article.native_id
    and ids.kind in ('native_id', 'native_id:' || fact_article.source)
    and fact_article.identity_basis = 'native_id'
left join shared_address on shared_address.url = fact_article.url
qualify row_number() over (partition by fact_article.article_key order by ids.kind) = 1
order by fact_article.article_id, fact_article.article_key;
