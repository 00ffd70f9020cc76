-- How much of each paper is a copy of an earlier article?
select
    publication,
    sum(articles)::bigint as articles,
    sum(copies)::bigint as copies,
    round(100 * sum(copies) / sum(articles), 1) as percent
from mart.daily_volume
group by publication
order by percent desc, publication;
