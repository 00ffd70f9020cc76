-- The articles requested for takedown by an id or an e-mail address.
select distinct article_id
from ops.article_alias
where
    article_id > 0
    and $by = 'id'
    and (
        (starts_with(kind, 'native_id') and value = $value)
        or 'article ' || article_id = $value
    )

union

select distinct fact_article.article_id
from news.fact_article
inner join news.bridge_article_author on bridge_article_author.article_key = fact_article.article_key
where $by = 'email' and list_contains(string_split($emails, ','), lower(bridge_article_author.email))
order by article_id;
