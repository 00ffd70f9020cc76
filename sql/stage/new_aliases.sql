-- Keeps the keys by which the articles of one chunk are to be found again.
insert into known_alias
select
    kind,
    value,
    article_id
from new_alias;

insert into ops.article_alias
select
    kind,
    value,
    article_id,
    dump_key
from new_alias;
