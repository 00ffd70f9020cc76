-- The run that began the furthest in the future by today's clock, by more than a day: since then it was set back.
select
    run_id,
    started_at
from ops.load_run
where run_id <> $run_id and started_at > $now + interval 1 day
order by started_at desc, run_id
limit 1;
