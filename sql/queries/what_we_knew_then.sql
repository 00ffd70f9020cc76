-- How many articles of the weeks around 1 March did we have on 10 March 2026, and have now?
with
known_then as (
    select
        publication,
        count(*) as articles
    from
        mart.article_as_of(
            /* day */ timestamp '2026-03-10 00:00:00', known_at := /* day */ timestamp '2026-03-10 00:00:00'
        )
    where published_date between /* from_date */ date '2026-02-23' and /* to_date */ date '2026-03-08'
    group by publication
),

known_now as (
    select
        publication,
        count(*) as articles
    from mart.article
    where published_date between /* from_date */ date '2026-02-23' and /* to_date */ date '2026-03-08'
    group by publication
)

select
    publication,
    coalesce(known_then.articles, 0) as articles_then,
    coalesce(known_now.articles, 0) as articles_now
from known_now
full join known_then using (publication)
order by publication;
