-- How many articles did each paper (all: %) publish in each of the last six weeks?
with
reach as (
    select max(published_date) as last_date
    from mart.daily_volume
),

weeks as (
    select date_trunc('week', last_date - 7 * number::integer)::date as week_from
    from reach
    cross join range(6) as week (number)
),

papers as (
    select distinct
        publication_key,
        publication
    from mart.daily_volume
    where publication like /* publication */ '%'
)

select
    weeks.week_from,
    papers.publication,
    coalesce(sum(daily_volume.articles), 0)::bigint as articles
from weeks
cross join papers
left join mart.daily_volume
    on
        daily_volume.publication_key = papers.publication_key
        and daily_volume.published_date between weeks.week_from and weeks.week_from + 6
group by weeks.week_from, papers.publication
order by weeks.week_from, papers.publication;
