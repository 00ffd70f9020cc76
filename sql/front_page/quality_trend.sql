-- Every suite in each of the last $runs runs that checked something: how many expectations, and how many unmet.
with
checked as (
    select
        quality_result.run_id,
        quality_result.suite,
        count(*) as expectations,
        count(*) filter (not quality_result.success) as unmet,
        count(*) filter (not quality_result.success and quality_result.severity = 'critical') as critical,
        count(*) filter (not quality_result.success and quality_result.severity = 'warning') as warnings
    from ops.quality_result
    group by quality_result.run_id, quality_result.suite
),

recent as (
    select
        load_run.run_id,
        load_run.started_at
    from ops.load_run
    semi join checked on checked.run_id = load_run.run_id
    order by load_run.started_at desc, load_run.run_id desc
    limit $runs
)

select
    recent.run_id,
    recent.started_at,
    checked.suite,
    checked.expectations,
    checked.unmet,
    case
        when checked.critical > 0 then 'critical'
        when checked.warnings > 0 then 'warning'
        when checked.unmet > 0 then 'info'
        else 'met'
    end as worst
from checked
inner join recent on recent.run_id = checked.run_id
order by recent.started_at, recent.run_id, checked.suite;
