-- How many articles of the two weeks around 1 March did we have on 10 March, and how many do we have now?
with
known_then as (
    select
        publication,
        count(*) as articles
    from mart.article_as_of(timestamp '2026-03-10', known_at := timestamp '2026-03-10')
    where published_date between date '2026-02-23' and date '2026-03-08'
    group by publication
),

known_now as (
    select
        publication,
        count(*) as articles
    from mart.article
    where published_date between date '2026-02-23' and date '2026-03-08'
    group by publication
)

select
    known_now.publication,
    coalesce(known_then.articles, 0) as articles_then,
    known_now.articles as articles_now
from known_now
left join known_then on known_then.publication = known_now.publication
order by known_now.publication;
