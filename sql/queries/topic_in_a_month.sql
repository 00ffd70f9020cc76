-- What was written about the harbour in March 2026?
select
    published_date,
    publication,
    headline,
    authors
from mart.article
where
    published_date between date '2026-03-01' and date '2026-03-31'
    and list_contains(topics, 'harbour')
order by published_date desc, publication, article_id;
