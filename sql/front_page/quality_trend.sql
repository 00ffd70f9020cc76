-- Every suite in each of the last $runs runs that checked something: number of expectations, and how many were not met.
with
recent as (
    select
        run_id,
        run_number
    from mart.data_quality
    group by run_id, run_number
    order by run_number desc
    limit $runs
),

checked as (
    select
        data_quality.run_id,
        data_quality.run_number,
        data_quality.started_at,
        data_quality.suite,
        count(*) as expectations,
        count(*) filter (not data_quality.is_met) as unmet,
        count(*) filter (not data_quality.is_met and data_quality.severity = 'critical') as critical,
        count(*) filter (not data_quality.is_met and data_quality.severity = 'warning') as warnings
    from mart.data_quality
    semi join recent on recent.run_id = data_quality.run_id
    group by data_quality.run_id, data_quality.run_number, data_quality.started_at, data_quality.suite
)

select
    run_id,
    started_at,
    suite,
    expectations,
    unmet,
    case
        when critical > 0 then 'critical'
        when warnings > 0 then 'warning'
        when unmet > 0 then 'info'
        else 'met'
    end as worst
from checked
order by run_number, suite;
