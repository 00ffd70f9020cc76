-- How much of each paper was told by somebody else before?
select
    publication,
    sum(articles)::bigint as articles,
    sum(copies)::bigint as copies,
    round(100 * sum(copies) / sum(articles), 1) as percent
from mart.daily_volume
group by publication
order by percent desc, publication;
