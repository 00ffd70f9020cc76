-- What replay, unload and takedown need: which delivery contained a key, what kind of load a row of the ledger is,
-- what a manifest or form stated about a dump, and under which content key a revision was delivered.
alter table news.fact_article add column content_key varchar;

-- Known only for articles with a single content key; it stays empty for all others, because it cannot be determined.
update news.fact_article
set content_key = single.value
from (
    select
        article_id,
        min(value) as value
    from ops.article_alias
    where kind = 'content'
    group by article_id
    having count(*) = 1
) as single
where single.article_id = fact_article.article_id;

alter table ops.dump add column stated varchar;

alter table ops.dump_load add column kind varchar default 'delivery';

alter table ops.dump_load alter column kind set not null;

alter table ops.dump_load alter column kind drop default;

-- The delivery of the first revision: which later delivery added a key was not recorded.
-- A new table, because DuckDB cannot set a column NOT NULL that was updated in the same transaction.
create table ops.article_alias_new (
    kind varchar not null,
    value varchar not null,
    article_id bigint not null,
    dump_key bigint not null
);

insert into ops.article_alias_new
with
first_deliveries as (
    select
        article_id,
        arg_min(dump_key, article_key) as dump_key
    from news.fact_article
    group by article_id
)

select
    article_alias.kind,
    article_alias.value,
    article_alias.article_id,
    first_deliveries.dump_key
from ops.article_alias
inner join first_deliveries on first_deliveries.article_id = article_alias.article_id;

drop table ops.article_alias;

alter table ops.article_alias_new rename to article_alias;

alter table ops.takedown add column completed_at timestamp;
