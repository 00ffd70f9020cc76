-- Records what the suites found in one run.
insert into ops.quality_result
select
    $run_id as run_id,
    suite,
    expectation,
    column_name,
    severity,
    success,
    unexpected_count,
    observed_value,
    reason,
    element_count
from quality_found;
