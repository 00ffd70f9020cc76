-- The best matches among the articles with all of $words, and the total number of matches.
with
best as (
    select
        article_id,
        article_key,
        published_date,
        publication,
        headline,
        is_in_headline,
        count(*) over () as total
    from mart.search($words)
    order by is_in_headline desc, published_date desc nulls last, article_key
    limit $limit
)

select
    best.article_id,
    best.published_date,
    best.publication,
    best.headline,
    best.total,
    article_text.body
from best
inner join news.article_text on article_text.article_key = best.article_key
order by best.is_in_headline desc, best.published_date desc nulls last, best.article_key;
