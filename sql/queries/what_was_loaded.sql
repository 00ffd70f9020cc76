-- What did the last ten loads bring in, and what was refused?
select
    run_id,
    started_at,
    dumps,
    articles_read,
    inserted,
    revised,
    unchanged,
    rejected,
    not_loaded
from mart.load_history
order by run_number desc
limit 10;
