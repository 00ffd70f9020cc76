-- The publications with most articles: how many, from when to when, how long, in the last 30 days of the archive.
with
article as (
    select
        fact_article.publication_key,
        fact_article.word_count,
        dim_date.date
    from news.fact_article
    inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
    where fact_article.is_current and fact_article.status <> 'canceled'
),

newest as (
    select max(date) as day from article
)

select
    dim_publication.publication_name as publication,
    dim_publication.country_code,
    count(*) as articles,
    count(*) filter (article.date > newest.day - 30) as articles_lately,
    min(article.date) as first_day,
    max(article.date) as last_day,
    avg(article.word_count)::bigint as mean_words
from article
inner join news.dim_publication on dim_publication.publication_key = article.publication_key
cross join newest
group by dim_publication.publication_key, dim_publication.publication_name, dim_publication.country_code
order by articles desc, dim_publication.publication_name
limit $publications;
