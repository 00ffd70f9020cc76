-- On which weekdays does each paper publish, and how much?
with
days as (
    select
        publication,
        isodow(published_date) as weekday,
        articles
    from mart.daily_volume
    where published_date is not null
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
