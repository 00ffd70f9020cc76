-- Which published file is this, from which load, and how far do its data go?
select
    number,
    run_id,
    loaded_at,
    schema_version,
    articles,
    first_date,
    last_date
from mart.watermark;
