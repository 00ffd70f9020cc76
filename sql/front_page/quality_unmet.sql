-- What was expected and not found last night, in the runs $run_ids, worst first.
select
    suite,
    column_name,
    severity,
    reason,
    sum(unexpected_count)::bigint as rows_unmet
from ops.quality_result
where not success and run_id in (select unnest($run_ids::varchar[]))
group by suite, column_name, severity, reason
order by array_position(['critical', 'warning', 'info'], severity), rows_unmet desc nulls last, suite, column_name;
