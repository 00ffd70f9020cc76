-- Which expectations were not met in the last run, and is it getting worse?
with
last_run as (
    select max(run_number) as run_number
    from mart.data_quality
)

select
    data_quality.suite,
    data_quality.column_name,
    data_quality.severity,
    data_quality.unexpected,
    data_quality.unexpected_before,
    data_quality.trend,
    data_quality.reason
from mart.data_quality
inner join last_run on last_run.run_number = data_quality.run_number
where not data_quality.is_met
order by data_quality.unexpected desc, data_quality.suite, data_quality.column_name;
