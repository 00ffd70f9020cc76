-- Dumps of at least 50 articles in which at least half would revise a stored article: up to 200 of those articles each.
create or replace temp table revising as
with
articles as (
    select
        incoming_dump.dump_key,
        article.ordinal,
        article.native_kind as kind,
        article.native_id as value,
        article.content_hash
    from read_parquet($articles_path) as article
    inner join incoming_dump on incoming_dump.delivery = article.delivery and incoming_dump.state = 'loaded'
    where article.native_kind is not null

    union all

    select
        incoming_dump.dump_key,
        article.ordinal,
        'url' as kind,
        article.url_key as value,
        article.content_hash
    from read_parquet($articles_path) as article
    inner join incoming_dump on incoming_dump.delivery = article.delivery and incoming_dump.state = 'loaded'
    where article.native_kind is null and article.url_key is not null
),

found as (
    select
        articles.dump_key,
        articles.ordinal,
        fact_article.article_key,
        fact_article.content_hash is distinct from articles.content_hash as is_revision
    from articles
    inner join known_alias on known_alias.kind = articles.kind and known_alias.value = articles.value
    inner join news.fact_article on fact_article.article_id = known_alias.article_id and fact_article.is_current
    -- An address that several articles of the dump have is not an id that is used again.
    qualify articles.kind <> 'url' or count(*) over (partition by articles.dump_key, articles.kind, articles.value) = 1
),

counted as (
    select
        incoming_dump.dump_key,
        incoming_dump.articles_read,
        count(*) as revisions
    from found
    inner join incoming_dump on incoming_dump.dump_key = found.dump_key
    where found.is_revision
    group by incoming_dump.dump_key, incoming_dump.articles_read
    having incoming_dump.articles_read >= 50 and count(*) * 2 >= incoming_dump.articles_read
)

select
    counted.dump_key,
    counted.articles_read,
    counted.revisions,
    found.ordinal,
    found.article_key
from found
inner join counted on counted.dump_key = found.dump_key
where found.is_revision
qualify row_number() over (partition by counted.dump_key order by hash(found.ordinal)) <= 200;

-- Their texts, as stored and as revised.
select
    revising.dump_key,
    revising.articles_read,
    revising.revisions,
    coalesce(article_text.body, '') as before,
    coalesce(article.body, '') as after
from revising
inner join news.article_text on article_text.article_key = revising.article_key
inner join read_parquet($articles_path) as article on article.ordinal = revising.ordinal
order by revising.dump_key, revising.ordinal;
