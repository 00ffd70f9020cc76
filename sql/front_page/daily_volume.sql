-- Articles by day and publication, in the $days days that end with the newest article. The publications with most
-- articles in that time are listed by name, ranked from 1; all others are combined, with rank 0.
with
newest as (
    select max(published_date) as day from mart.daily_volume
),

shown as (
    select
        daily_volume.published_date as day,
        daily_volume.publication_key,
        daily_volume.publication,
        daily_volume.articles
    from mart.daily_volume
    cross join newest
    where daily_volume.published_date > newest.day - $days::integer
),

ranked as (
    select
        publication_key,
        row_number() over (order by sum(articles) desc, publication_key) as rank
    from shown
    group by publication_key
),

named as (
    select
        shown.day,
        shown.articles,
        if(ranked.rank <= $publications, ranked.rank, 0) as rank,
        if(ranked.rank <= $publications, shown.publication, 'all others') as publication
    from shown
    inner join ranked on ranked.publication_key = shown.publication_key
)

select
    day,
    rank,
    publication,
    sum(articles)::bigint as articles
from named
group by day, rank, publication
order by day, rank = 0, rank;
