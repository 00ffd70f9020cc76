-- What the warehouse holds, in one row. Articles are the current ones that were not canceled, as in mart.article.
with
article as (
    select
        fact_article.publication_key,
        fact_article.language_key,
        dim_date.date
    from news.fact_article
    inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
    where fact_article.is_current and fact_article.status <> 'canceled'
)

select
    count(*) as articles,
    count(*) - count(date) as undated,
    count(distinct nullif(publication_key, 0)) as publications,
    count(distinct nullif(language_key, 0)) as languages,
    min(date) as first_day,
    max(date) as last_day
from article;
