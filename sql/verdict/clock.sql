-- The earlier run that began the longest after this one by the clock, by more than a day: since then it was set back.
select
    run_id,
    started_at
from ops.load_run
where
    run_id <> $run_id
    and started_at > $started_at + interval 1 day
    and run_number < coalesce((select run_number from ops.load_run where run_id = $run_id), 9223372036854775807)
order by started_at desc, run_id
limit 1;
