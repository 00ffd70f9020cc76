-- Which articles from one week mention the ferry?
select
    published_date,
    publication,
    headline,
    url
from mart.find_articles(/* words */ 'ferry', published_from := /* from_date */ date '2026-03-16', published_to := /* to_date */ date '2026-03-22')
order by published_date, publication, article_id;
