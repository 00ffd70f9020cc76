-- Which articles may not be published before a moment that they name?
select
    publication,
    headline,
    embargo_until
from mart.article
where embargo_until is not null
order by embargo_until desc, article_id
limit 20;
