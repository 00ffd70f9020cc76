-- On which weekdays does each paper publish, and how much on an average one?
with
dated as (
    select
        publication_key,
        publication,
        published_date,
        articles
    from mart.daily_volume
    where published_date is not null
),

spans as (
    select
        publication_key,
        publication,
        min(published_date) as first_date,
        max(published_date) as last_date
    from dated
    group by publication_key, publication
),

days as (
    select
        spans.publication,
        isodow(dim_date.date) as weekday,
        coalesce(dated.articles, 0) as articles
    from spans
    inner join news.dim_date on dim_date.date between spans.first_date and spans.last_date
    left join dated on dated.publication_key = spans.publication_key and dated.published_date = dim_date.date
)

select
    publication,
    round(avg(articles) filter (weekday = 1), 1) as monday,
    round(avg(articles) filter (weekday = 2), 1) as tuesday,
    round(avg(articles) filter (weekday = 3), 1) as wednesday,
    round(avg(articles) filter (weekday = 4), 1) as thursday,
    round(avg(articles) filter (weekday = 5), 1) as friday,
    round(avg(articles) filter (weekday = 6), 1) as saturday,
    round(avg(articles) filter (weekday = 7), 1) as sunday
from days
group by publication
order by publication;
