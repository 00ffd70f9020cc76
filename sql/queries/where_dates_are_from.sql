-- How well are the dates of each feed known, and where are they from?
select
    source,
    date_basis,
    date_precision,
    count(*) as articles
from mart.article
group by source, date_basis, date_precision
order by source, articles desc, date_basis, date_precision;
