-- How much did each paper publish on 26 March 2026, and how much is usual on that weekday?
with
papers as (
    select
        publication_key,
        publication,
        min(published_date) as first_date
    from mart.daily_volume
    group by publication_key, publication
),

days as (
    select
        papers.publication_key,
        papers.publication,
        week.number as weeks_before,
        /* day */ date '2026-03-26' - 7 * week.number::integer as day
    from papers
    inner join range(9) as week (number) on /* day */ date '2026-03-26' - 7 * week.number::integer >= papers.first_date
),

counted as (
    select
        days.publication,
        days.weeks_before,
        coalesce(daily_volume.articles, 0) as articles
    from days
    left join mart.daily_volume
        on daily_volume.publication_key = days.publication_key and daily_volume.published_date = days.day
),

compared as (
    select
        publication,
        sum(articles) filter (weeks_before = 0)::bigint as articles,
        median(articles) filter (weeks_before > 0) as usual_articles,
        min(articles) filter (weeks_before > 0) as fewest,
        max(articles) filter (weeks_before > 0) as most
    from counted
    group by publication
)

select
    publication,
    articles,
    usual_articles,
    fewest,
    most
from compared
where articles > 0 or usual_articles > 0
order by coalesce(usual_articles, 0) - articles desc, publication;
