-- Through which day do the data of each feed go, and when did it last deliver?
select
    source,
    last_date,
    last_loaded_at,
    articles,
    deliveries
from mart.source_watermark
order by last_date nulls first, source;
