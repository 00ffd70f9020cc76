-- The revisions that the index does not hold: those that were taken out, and the new ones.
create or replace temp table waiting_revision as
with
newest as (
    select coalesce(max(last_article_key), 0) as article_key
    from ops.search_segment
),

waiting as (
    select fact_article.article_key
    from news.fact_article
    where fact_article.article_key > (select newest.article_key from newest)

    union

    select fact_article.article_key
    from news.fact_article
    inner join ops.search_gap on search_gap.article_key = fact_article.article_key
)

select article_key
from waiting;
