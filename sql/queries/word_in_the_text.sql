-- Which articles of one week mention the ferry?
select
    published_date,
    publication,
    headline,
    url
from mart.article
where
    published_date between date '2026-03-16' and date '2026-03-22'
    and (body ilike '%ferry%' or headline ilike '%ferry%')
order by published_date, publication, article_id;
