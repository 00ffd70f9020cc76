-- How recent are the data of each feed, and when did it last deliver?
select
    source,
    last_date,
    last_loaded_at,
    articles,
    deliveries
from mart.source_watermark
order by last_date nulls first, source;
