-- Keys by which today's normaliser would look up the articles in `incoming`, if they identify nothing yet.
insert into ops.article_alias (kind, value, article_id, dump_key)
with
keys as (
    select 'content' as kind, content_key as value, article_id, dump_key
    from incoming

    union all

    select 'url' as kind, url_key as value, article_id, dump_key
    from incoming
    where identity_basis <> 'content'
)

select
    keys.kind,
    keys.value,
    min(keys.article_id) as article_id,
    arg_min(keys.dump_key, keys.article_id) as dump_key
from keys
anti join ops.article_alias as known on known.kind = keys.kind and known.value = keys.value
where keys.value is not null
group by keys.kind, keys.value
order by keys.kind, keys.value;
