-- The articles under the id or address that is requested for takedown, if different articles share it, in order.
with
asked as (
    select distinct
        kind,
        value
    from ops.article_alias
    where
        article_id = 0
        and value = $value
        and (($by = 'url' and kind = 'url') or ($by = 'id' and starts_with(kind, 'native_id')))
)

select distinct fact_article.article_id
from asked
inner join news.fact_article
    on (asked.kind = 'url' and fact_article.url = asked.value)
    or (asked.kind in ('native_id', 'native_id:' || fact_article.source) and fact_article.native_id = asked.value)
order by fact_article.article_id;
