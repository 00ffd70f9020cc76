-- Tombstones for the articles in `asked_article`: all their keys, their content hashes and what is kept of their texts
-- (`mark`), but no text.
-- Creates `gone` and `touched_article`.
create or replace temp table gone as
select
    fact_article.article_key,
    fact_article.article_id
from news.fact_article
semi join asked_article on asked_article.article_id = fact_article.article_id;

create or replace temp table touched_article as
select
    article_id,
    false as is_renumbered
from asked_article;

insert into ops.takedown
with
keys as (
    select kind, value
    from ops.article_alias
    semi join asked_article on asked_article.article_id = article_alias.article_id

    union

    select 'content' as kind, content_key as value
    from news.fact_article
    semi join gone on gone.article_key = fact_article.article_key
    where content_key is not null

    union

    select 'content_hash' as kind, content_hash as value
    from news.fact_article
    semi join gone on gone.article_key = fact_article.article_key

    union

    select kind, value
    from asked_key

    union

    select kind, value
    from mark
)

select
    keys.kind,
    keys.value,
    $reason as reason,
    $requested_by as requested_by,
    $approved_by as approved_by,
    $loaded_at as taken_down_at,
    null as completed_at,
    mark.samples,
    mark.sketch
from keys
left join mark on mark.kind = keys.kind and mark.value = keys.value
anti join ops.takedown as known on known.kind = keys.kind and known.value = keys.value
order by keys.kind, keys.value;

-- The deliveries in which the articles came, also unchanged, or from which quarantine kept them.
insert into ops.takedown_dump
with
found as (
    select fact_article.dump_key
    from news.fact_article
    semi join gone on gone.article_key = fact_article.article_key

    union

    select article_redelivery.dump_key
    from ops.article_redelivery
    semi join gone on gone.article_key = article_redelivery.article_key

    union

    select dump_key
    from removed_record
)

select
    found.dump_key,
    $loaded_at as noted_at
from found
anti join ops.takedown_dump as known on known.dump_key = found.dump_key
order by found.dump_key;
