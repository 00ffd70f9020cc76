-- The publications with most articles: how many, lately (in the last 30 days of the archive), and on their last day,
-- with what is usual: the median of the same weekday in the eight weeks before, once there are three.
with
newest as (
    select max(published_date) as day from mart.daily_volume
),

counted as (
    select
        daily_volume.publication_key,
        daily_volume.publication,
        sum(daily_volume.articles)::bigint as articles,
        coalesce(sum(daily_volume.articles) filter (daily_volume.published_date > newest.day - 30), 0)::bigint
            as articles_lately,
        min(daily_volume.published_date) as first_day,
        max(daily_volume.published_date) as last_day
    from mart.daily_volume
    cross join newest
    group by daily_volume.publication_key, daily_volume.publication
    order by articles desc, daily_volume.publication
    limit $limit
),

same_weekday as (
    select
        counted.publication_key,
        week.number,
        coalesce(daily_volume.articles, 0) as articles
    from counted
    cross join range(9) as week (number)
    left join mart.daily_volume
        on daily_volume.publication_key = counted.publication_key
        and daily_volume.published_date = counted.last_day - 7 * week.number::integer
    where counted.last_day - 7 * week.number::integer >= counted.first_day
),

usual as (
    select
        publication_key,
        max(articles) filter (number = 0) as articles,
        if(count(*) > 3, median(articles) filter (number > 0), null) as usual_articles
    from same_weekday
    group by publication_key
)

select
    counted.publication,
    dim_publication.country_code,
    counted.articles,
    counted.articles_lately,
    counted.first_day,
    counted.last_day,
    usual.articles as last_day_articles,
    usual.usual_articles
from counted
inner join news.dim_publication on dim_publication.publication_key = counted.publication_key
left join usual on usual.publication_key = counted.publication_key
order by counted.articles desc, counted.publication;
