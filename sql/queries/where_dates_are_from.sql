-- How precise are the dates of each feed, and where do they come from?
select
    source,
    date_basis,
    date_precision,
    count(*) as articles
from mart.article
group by source, date_basis, date_precision
order by source, articles desc, date_basis, date_precision;
