-- Unloads one delivery: revisions that only it contained are removed; those also in another delivery are
-- attributed to that one. Creates `gone` (revisions) and `touched_article`.
create or replace temp table handed_on as
with
arrivals as (
    select
        started_at,
        max(run_number) as run_number
    from ops.load_run
    group by started_at
)

select
    article_redelivery.article_key,
    article_redelivery.dump_key,
    article_redelivery.position,
    article_redelivery.loaded_at
from ops.article_redelivery
left join arrivals on arrivals.started_at = article_redelivery.loaded_at
inner join news.fact_article on fact_article.article_key = article_redelivery.article_key
where fact_article.dump_key = $dump_key and article_redelivery.dump_key <> $dump_key
qualify
    row_number() over (
        partition by article_redelivery.article_key
        order by arrivals.run_number, article_redelivery.dump_key, article_redelivery.position
    ) = 1;

update news.fact_article
set
    dump_key = handed_on.dump_key,
    position = handed_on.position,
    loaded_at = handed_on.loaded_at,
    source = dump.source
from handed_on
inner join ops.dump on dump.dump_key = handed_on.dump_key
where handed_on.article_key = fact_article.article_key;

delete from ops.article_redelivery
where
    dump_key = $dump_key
    or exists (
        select 1 from handed_on
        where handed_on.dump_key = article_redelivery.dump_key and handed_on.position = article_redelivery.position
    );

create or replace temp table gone as
select
    article_key,
    article_id
from news.fact_article
where dump_key = $dump_key;

create or replace temp table touched_article as
select
    article_id,
    true as is_renumbered
from (
    select article_id from gone

    union

    select fact_article.article_id
    from news.fact_article
    semi join handed_on on handed_on.article_key = fact_article.article_key

    union

    select article_id from ops.article_alias
    where dump_key = $dump_key and article_id > 0
);
