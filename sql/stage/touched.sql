-- Every revision of the articles loaded by runs that are not verified yet.
create or replace temp table touched as
with
unverified as (
    select started_at
    from ops.load_run
    where state <> 'verified'
),

loaded as (
    select distinct fact_article.article_id
    from news.fact_article
    semi join unverified on unverified.started_at = fact_article.loaded_at
)

select
    fact_article.article_key,
    fact_article.article_id
from news.fact_article
semi join loaded on loaded.article_id = fact_article.article_id;
