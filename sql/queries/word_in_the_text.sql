-- Which articles from one week mention the ferry?
select
    published_date,
    publication,
    headline,
    url
from mart.search('ferry')
where published_date between date '2026-03-16' and date '2026-03-22'
order by published_date, publication, article_id;
