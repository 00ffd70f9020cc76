-- The $suites suites with the gravest unmet expectations in the last $runs runs that checked something: in each of
-- these, the number of expectations and how many were not met. `suites` counts all, `suites_unmet` those with any.
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
),

suite as (
    select
        suite,
        sum(unmet) > 0 as is_unmet,
        row_number() over (order by sum(critical) desc, sum(warnings) desc, sum(unmet) desc, suite) as rank,
        count(*) over () as suites,
        count(*) filter (sum(unmet) > 0) over () as suites_unmet
    from checked
    group by suite
)

select
    checked.run_id,
    checked.started_at,
    checked.suite,
    checked.expectations,
    checked.unmet,
    case
        when checked.critical > 0 then 'critical'
        when checked.warnings > 0 then 'warning'
        when checked.unmet > 0 then 'info'
        else 'met'
    end as worst,
    suite.suites,
    suite.suites_unmet
from checked
inner join suite on suite.suite = checked.suite
where suite.rank <= $suites and (suite.is_unmet or suite.rank = 1)
order by checked.run_number, suite.rank;
