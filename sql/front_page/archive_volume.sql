-- Articles over the whole archive, by the month, the year or the decade: the finest that gives no more than $periods.
with
daily as (
    select
        dim_date.date as day,
        count(*) as articles
    from news.fact_article
    inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
    where fact_article.is_current and fact_article.status <> 'canceled' and dim_date.date is not null
    group by dim_date.date
),

step as (
    select
        case
            when date_diff('month', min(day), max(day)) < $periods then 'month'
            when date_diff('year', min(day), max(day)) < $periods then 'year'
            else 'decade'
        end as step
    from daily
)

select
    date_trunc(step.step, daily.day)::date as period,
    step.step,
    sum(daily.articles)::bigint as articles
from daily
cross join step
group by period, step.step
order by period;
