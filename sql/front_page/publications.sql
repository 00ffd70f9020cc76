-- The publications with most articles: how many, from when to when, how long, and in the last 30 days of the archive.
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
        max(daily_volume.published_date) as last_day,
        sum(daily_volume.words) / sum(daily_volume.articles) as mean_words
    from mart.daily_volume
    cross join newest
    group by daily_volume.publication_key, daily_volume.publication
)

select
    counted.publication,
    dim_publication.country_code,
    counted.articles,
    counted.articles_lately,
    counted.first_day,
    counted.last_day,
    counted.mean_words
from counted
inner join news.dim_publication on dim_publication.publication_key = counted.publication_key
order by counted.articles desc, counted.publication
limit $limit;
