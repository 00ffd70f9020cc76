-- What was written about the harbour in March 2026?
select
    published_date,
    publication,
    headline,
    authors
from mart.article
where
    published_date between /* from_date */ date '2026-03-01' and /* to_date */ date '2026-03-31'
    and list_contains(topics, /* topic */ 'harbour')
order by published_date desc, publication, article_id;
