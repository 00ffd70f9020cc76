-- Expectations that were not met last night (the runs $run_ids), worst first, compared with the previous run.
select
    suite,
    column_name,
    severity,
    reason,
    unexpected,
    unexpected_before,
    trend,
    runs_unmet,
    runs
from mart.data_quality
where not is_met and run_id in (select unnest($run_ids::varchar[]))
order by array_position(['critical', 'warning', 'info'], severity), unexpected desc, suite, column_name, started_at;
