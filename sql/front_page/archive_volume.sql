-- Articles in the whole archive by month, year or decade: the finest that needs no more than $periods rows.
with
dated as (
    select
        published_date as day,
        articles
    from mart.daily_volume
    where published_date is not null
),

step as (
    select
        case
            when date_diff('month', min(day), max(day)) < $periods then 'month'
            when date_diff('year', min(day), max(day)) < $periods then 'year'
            else 'decade'
        end as step
    from dated
)

select
    date_trunc(step.step, dated.day)::date as period,
    step.step,
    sum(dated.articles)::bigint as articles
from dated
cross join step
group by period, step.step
order by period;
