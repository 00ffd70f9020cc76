-- Totals of the warehouse, in one row. Articles are those in mart.article.
with
volume as (
    select
        sum(articles)::bigint as articles,
        coalesce(sum(articles) filter (published_date is null), 0)::bigint as undated,
        count(distinct nullif(publication_key, 0)) as publications,
        min(published_date) as first_day,
        max(published_date) as last_day
    from mart.daily_volume
),

languages as (
    select count(distinct nullif(language_key, 0)) as languages
    from news.fact_article
    where is_current and status <> 'canceled'
)

select
    coalesce(volume.articles, 0) as articles,
    volume.undated,
    volume.publications,
    languages.languages,
    volume.first_day,
    volume.last_day
from volume
cross join languages;
