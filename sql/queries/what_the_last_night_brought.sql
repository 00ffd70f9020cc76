-- How many new and revised articles of each paper did the last night, and its day, bring?
with
scheduled as (
    select
        landing_scan.started_at,
        max(landing_scan.started_at::date) over () as last_day
    from ops.landing_scan
    inner join mart.watermark on landing_scan.started_at <= watermark.loaded_at
    where landing_scan.trigger = 'schedule'
),

-- Where nothing runs by a schedule, a night is a day.
night as (
    select coalesce(min(scheduled.started_at), any_value(watermark.loaded_at::date)::timestamp) as began_at
    from mart.watermark
    left join scheduled on scheduled.started_at::date = scheduled.last_day
),

brought as (
    select distinct fact_article.article_id
    from news.fact_article
    inner join night on fact_article.loaded_at >= night.began_at
),

arrivals as (
    select
        fact_article.article_id,
        min(fact_article.loaded_at) as first_loaded_at,
        arg_max(fact_article.publication_key, fact_article.revision) as publication_key
    from news.fact_article
    semi join brought on brought.article_id = fact_article.article_id
    group by fact_article.article_id
)

select
    dim_publication.publication_name as publication,
    count(*) filter (arrivals.first_loaded_at >= night.began_at) as new_articles,
    count(*) filter (arrivals.first_loaded_at < night.began_at) as revised_articles
from arrivals
inner join news.dim_publication on dim_publication.publication_key = arrivals.publication_key
cross join night
group by dim_publication.publication_name
order by new_articles desc, revised_articles desc, publication;
