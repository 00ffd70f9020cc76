-- Which articles were withdrawn, when, and what was their headline?
select
    publication,
    valid_from as withdrawn_at,
    headline,
    native_id
from mart.article_revision
where is_current and status = 'canceled'
order by withdrawn_at desc, article_id;
