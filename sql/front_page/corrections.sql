-- What last night (the runs $run_ids) corrected, withheld or withdrew, withdrawals first; with the headline before it.
with
night as (
    select started_at
    from ops.load_run
    where run_id in (select unnest($run_ids::varchar[]))
),

changed as (
    select
        fact_article.article_id,
        fact_article.article_key,
        fact_article.revision,
        fact_article.status,
        fact_article.publication_key,
        fact_article.published_date_key,
        fact_article.url,
        count(*) over () as changes
    from news.fact_article
    semi join night on night.started_at = fact_article.loaded_at
    where fact_article.is_current and fact_article.status in ('canceled', 'withheld', 'corrected')
    order by
        array_position(['canceled', 'withheld', 'corrected'], fact_article.status),
        fact_article.published_date_key desc,
        fact_article.article_key
    limit $limit
),

before as (
    select
        changed.article_key,
        earlier.article_key as earlier_key
    from changed
    inner join news.fact_article as earlier
        on earlier.article_id = changed.article_id and earlier.revision = changed.revision - 1
),

headlines as (
    select
        article_key,
        headline
    from news.article_text
    where article_key in (select article_key from changed) or article_key in (select earlier_key from before)
)

select
    changed.status,
    coalesce(nullif(headlines.headline, ''), former.headline) as headline,
    former.headline as headline_before,
    changed.revision > 1 as is_known,
    changed.url,
    dim_publication.publication_name as publication,
    dim_date.date as published_date,
    changed.changes
from changed
inner join news.dim_publication on dim_publication.publication_key = changed.publication_key
inner join news.dim_date on dim_date.date_key = changed.published_date_key
left join headlines on headlines.article_key = changed.article_key
left join before on before.article_key = changed.article_key
left join headlines as former on former.article_key = before.earlier_key
order by
    array_position(['canceled', 'withheld', 'corrected'], changed.status),
    changed.published_date_key desc,
    changed.article_key;
