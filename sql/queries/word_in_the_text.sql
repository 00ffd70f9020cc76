-- Which articles from one week mention the ferry?
select
    published_date,
    publication,
    headline,
    url
from mart.find_articles('ferry', published_from := date '2026-03-16', published_to := date '2026-03-22')
order by published_date, publication, article_id;
