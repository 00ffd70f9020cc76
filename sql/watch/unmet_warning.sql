-- Expectations of severity `warning` that the runs $run_ids did not meet: by how many of how many rows, worst first.
-- Not those of runs that loaded no dump: why each was refused says it all.
select
    run_id,
    suite,
    reason,
    coalesce(unexpected_count, 1) as unexpected,
    element_count as elements
from ops.quality_result
where
    severity = 'warning'
    and not success
    and run_id in (select unnest($run_ids::varchar[]))
    and run_id in (select run_id from ops.dump_load where state = 'loaded')
order by unexpected desc, suite, reason;
