-- The articles of one batch that are states of another text under an id or address that different articles share, with
-- the content key of that text.
insert into alike
select
    ordinal,
    min(content_key) as content_key
from alike_text
group by ordinal;

insert into known_alias
with
owners as (
    select article_alias.article_id
    from ops.article_alias
    semi join alike on alike.content_key = article_alias.value
    where article_alias.kind = 'content'
)

select
    article_alias.kind,
    article_alias.value,
    article_alias.article_id
from ops.article_alias
semi join owners on owners.article_id = article_alias.article_id
anti join known_alias as known on known.article_id = article_alias.article_id;
