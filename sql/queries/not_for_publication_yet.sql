-- Which articles carry an embargo, and until when?
select
    publication,
    headline,
    embargo_until
from mart.article
where embargo_until is not null
order by embargo_until desc, article_id
limit 20;
