-- Addresses under which one batch brings a text that is not stored under them, beside stored ones or others of its own.
create or replace temp table contested as
with
within_the_batch as (
    select url
    from arriving
    where url is not null
    group by url
    having min(content_hash) <> max(content_hash)
),

stored as (
    select
        arriving.url,
        arriving.content_hash
    from arriving
    inner join known_alias on known_alias.kind = 'url' and known_alias.value = arriving.url
    inner join news.fact_article on fact_article.article_id = known_alias.article_id
    group by arriving.url, arriving.content_hash
    having bool_and(fact_article.content_hash <> arriving.content_hash)
),

known_as_shared as (
    select value as url
    from known_alias
    where kind = 'url' and article_id = 0
)

select url from within_the_batch
anti join known_as_shared on known_as_shared.url = within_the_batch.url

union

select url from stored;

select count(*) from contested;
