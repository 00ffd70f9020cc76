-- after: ops.dump, news.fact_article
create table if not exists ops.article_redelivery (
    article_key bigint not null,
    dump_key bigint not null,
    position varchar not null,
    loaded_at timestamp not null
);

comment on table ops.article_redelivery is 'Where else a stored revision was delivered, unchanged. When the delivery that the revision is attributed to is unloaded, the first of these takes its place. Key: dump_key, position.';
comment on column ops.article_redelivery.article_key is 'The revision; see news.fact_article';
comment on column ops.article_redelivery.dump_key is 'The other delivery, or the same one if the dump repeats itself; see ops.dump';
comment on column ops.article_redelivery.position is 'Position in that dump: member, then line, row or ordinal';
comment on column ops.article_redelivery.loaded_at is 'Start of the run that found it there, UTC';

insert into ops.article_redelivery
with
unchanged as (
    select
        fact_article.article_key,
        incoming.dump_key,
        incoming.position,
        fact_article.dump_key = incoming.dump_key and fact_article.position = incoming.position as is_itself
    from incoming
    inner join news.fact_article
        on fact_article.article_id = incoming.article_id and fact_article.content_hash = incoming.content_hash
    where incoming.outcome = 'unchanged'
)

select
    unchanged.article_key,
    unchanged.dump_key,
    unchanged.position,
    $loaded_at as loaded_at
from unchanged
anti join ops.article_redelivery as known
    on known.dump_key = unchanged.dump_key and known.position = unchanged.position
where not unchanged.is_itself
order by unchanged.dump_key, unchanged.article_key;
