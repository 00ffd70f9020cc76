-- Articles whose embargo lifts after $since, the next first; then those that are embargoed until somebody says so.
with
embargoed as (
    select
        article_key,
        publication_key,
        embargo_until,
        url,
        count(*) over () as embargoes
    from news.fact_article
    where
        is_current
        and status <> 'canceled'
        and (embargo_until > $since::timestamp or (status = 'embargoed' and embargo_until is null))
    order by embargo_until nulls last, article_key desc
    limit $limit
)

select
    embargoed.embargo_until,
    article_text.headline,
    embargoed.url,
    dim_publication.publication_name as publication,
    embargoed.embargoes
from embargoed
inner join news.dim_publication on dim_publication.publication_key = embargoed.publication_key
inner join news.article_text on article_text.article_key = embargoed.article_key
order by embargoed.embargo_until nulls last, embargoed.article_key desc;
