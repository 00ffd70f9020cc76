-- Articles by day and publication, over the $days days that end with the newest article. The publications that brought
-- most in that time come by name, with their rank from 1; the others are one, with rank 0.
with
daily as (
    select
        dim_date.date as day,
        fact_article.publication_key,
        count(*) as articles
    from news.fact_article
    inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
    where fact_article.is_current and fact_article.status <> 'canceled' and dim_date.date is not null
    group by dim_date.date, fact_article.publication_key
),

shown as (
    select
        day,
        publication_key,
        articles
    from daily
    where day > (select max(day) from daily) - $days::integer
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
        if(ranked.rank <= $publications, dim_publication.publication_name, 'all others') as publication
    from shown
    inner join ranked on ranked.publication_key = shown.publication_key
    inner join news.dim_publication on dim_publication.publication_key = shown.publication_key
)

select
    day,
    rank,
    publication,
    sum(articles)::bigint as articles
from named
group by day, rank, publication
order by day, rank = 0, rank;
