-- Stores the keys by which the articles of one chunk will be recognised.
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
