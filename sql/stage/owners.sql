-- The articles that the keys in `keys` identify, and every kind of key that those articles have.
with
asked as (
    select
        known_alias.kind,
        known_alias.value,
        known_alias.article_id
    from known_alias
    semi join keys on keys.kind = known_alias.kind and keys.value = known_alias.value
)

select
    kind,
    value,
    article_id,
    true as is_asked
from asked

union all

select distinct
    known_alias.kind,
    '' as value,
    known_alias.article_id,
    false as is_asked
from known_alias
semi join asked on asked.article_id = known_alias.article_id;
