create or replace view mart.data_quality as
with
results as (
    select
        quality_result.run_id,
        load_run.run_number,
        load_run.started_at,
        quality_result.suite,
        quality_result.expectation,
        quality_result.column_name,
        quality_result.severity,
        quality_result.reason,
        quality_result.success,
        quality_result.observed_value,
        coalesce(quality_result.unexpected_count, (not quality_result.success)::bigint) as unexpected
    from ops.quality_result
    inner join ops.load_run on load_run.run_id = quality_result.run_id
),

compared as (
    select
        run_id,
        run_number,
        started_at,
        suite,
        expectation,
        column_name,
        severity,
        reason,
        success,
        observed_value,
        unexpected,
        lag(unexpected) over by_run as unexpected_before,
        count(*) over last_ten as runs,
        count(*) filter (not success) over last_ten as runs_unmet
    from results
    window
        by_run as (
            partition by suite, expectation, column_name, severity, reason
            order by run_number
        ),
        last_ten as (
            partition by suite, expectation, column_name, severity, reason
            order by run_number
            rows between 9 preceding and current row
        )
)

select
    run_id,
    run_number,
    started_at,
    suite,
    expectation,
    column_name,
    severity,
    reason,
    success as is_met,
    unexpected,
    unexpected_before,
    case
        when unexpected_before is null then 'first'
        when unexpected > unexpected_before then 'worse'
        when unexpected < unexpected_before then 'better'
        else 'same'
    end as trend,
    runs_unmet,
    runs,
    observed_value
from compared;

comment on view mart.data_quality is 'One row per expectation and run, compared with the previous run and the last ten runs.';
comment on column mart.data_quality.run_id is 'The run';
comment on column mart.data_quality.run_number is 'Place in the order in which the runs changed something, whatever the clock said; the last run has the highest';
comment on column mart.data_quality.started_at is 'Start of the run, UTC';
comment on column mart.data_quality.suite is 'Suite, named after the table or stage that it checks';
comment on column mart.data_quality.expectation is 'What was expected';
comment on column mart.data_quality.column_name is 'Column or columns it applies to';
comment on column mart.data_quality.severity is 'critical (rejects the article, refuses the dump or stops the publish), warning or info';
comment on column mart.data_quality.reason is 'Why it is expected';
comment on column mart.data_quality.is_met is 'Whether the expectation was met';
comment on column mart.data_quality.unexpected is 'Rows that did not meet it; if rows cannot be counted, 1 if it was not met';
comment on column mart.data_quality.unexpected_before is 'The same number in the previous run; empty in the first run';
comment on column mart.data_quality.trend is 'first, same, better or worse, compared with the previous run';
comment on column mart.data_quality.runs_unmet is 'In how many of the last ten runs, including this one, it was not met';
comment on column mart.data_quality.runs is 'How many runs that covers; fewer than ten at the beginning';
comment on column mart.data_quality.observed_value is 'What was found instead';
