-- How many articles did each paper publish in each of the last six weeks?
with
last_weeks as (
    select date_trunc('week', max(published_date)) - interval 5 weeks as first_day
    from mart.daily_volume
)

select
    date_trunc('week', daily_volume.published_date)::date as week_from,
    daily_volume.publication,
    sum(daily_volume.articles)::bigint as articles
from mart.daily_volume
inner join last_weeks on daily_volume.published_date >= last_weeks.first_day
group by week_from, daily_volume.publication
order by week_from, daily_volume.publication;
