select
    cast(strftime(date, '%Y%m%d') as integer) as date_key,
    date,
    year(date) as year,
    month(date) as month,
    dayname(date) as day_name
from (select distinct cast(published_at as date) as date from {{ ref('stg_article') }} where published_at is not null)
