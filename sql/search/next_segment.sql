-- The next revisions that no segment covers, at most $articles of them, not reaching across an existing segment.
with
waiting as (
    select fact_article.article_key
    from news.fact_article
    where not exists (
        select 1
        from ops.search_segment
        where fact_article.article_key between search_segment.first_article_key and search_segment.last_article_key
    )
    order by fact_article.article_key
    limit $articles
),

following as (
    select min(search_segment.first_article_key) as article_key
    from ops.search_segment
    where search_segment.first_article_key > (select min(article_key) from waiting)
)

select
    min(waiting.article_key) as first_article_key,
    max(waiting.article_key) as last_article_key
from waiting
cross join following
where following.article_key is null or waiting.article_key < following.article_key;
