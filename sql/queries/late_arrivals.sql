-- Which articles reached us more than a month after publication?
with
arrivals as (
    select
        article_id,
        min(loaded_at)::date as arrived_on
    from news.fact_article
    group by article_id
)

select
    article.publication,
    article.published_date,
    arrivals.arrived_on,
    article.headline
from mart.article
inner join arrivals on arrivals.article_id = article.article_id
where arrivals.arrived_on - article.published_date > 31
order by arrivals.arrived_on - article.published_date desc, article.article_id;
