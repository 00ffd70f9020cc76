-- Dumps of this batch whose counts do not add up or do not match the stored rows. Must be empty.
with
stored as (
    select
        fact_article.dump_key,
        count(*) as facts,
        count(article_text.article_key) as texts
    from news.fact_article
    semi join incoming on incoming.article_key = fact_article.article_key
    left join news.article_text on article_text.article_key = fact_article.article_key
    group by fact_article.dump_key
),

counted as (
    select
        incoming_dump.path,
        dump_load.articles_read,
        dump_load.inserted,
        dump_load.revised,
        dump_load.unchanged,
        dump_load.rejected,
        coalesce(stored.facts, 0) as facts,
        coalesce(stored.texts, 0) as texts
    from incoming_dump
    left join ops.dump_load on dump_load.dump_key = incoming_dump.dump_key and dump_load.run_id = $run_id
    left join stored on stored.dump_key = incoming_dump.dump_key
)

select
    path,
    articles_read,
    inserted,
    revised,
    unchanged,
    rejected,
    facts,
    texts
from counted
where
    articles_read is null
    or articles_read <> inserted + revised + unchanged + rejected
    or facts <> inserted + revised
    or texts <> inserted + revised
order by path;
