-- Which articles reached us more than a month after publication?
select
    publication,
    published_date,
    loaded_at::date as loaded_on,
    headline
from mart.article
where loaded_at::date - published_date > 31 and revision = 1
order by loaded_at::date - published_date desc, article_id
limit 20;
