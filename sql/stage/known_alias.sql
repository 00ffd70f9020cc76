-- What is stored of the keys in `keys`: their articles, and every kind of key that those articles have.
with
asked as (
    select
        article_alias.kind,
        article_alias.value,
        article_alias.article_id
    from ops.article_alias
    semi join keys on keys.kind = article_alias.kind and keys.value = article_alias.value
)

select
    kind,
    value,
    article_id,
    true as is_asked
from asked

union all

select distinct
    article_alias.kind,
    '' as value,
    article_alias.article_id,
    false as is_asked
from ops.article_alias
semi join asked on asked.article_id = article_alias.article_id;
