-- The last runs that looked for new dumps of every feed, newest first, and when the first run of all began.
with
first_run as (
    select min(started_at) as first_started_at from ops.load_run
),

scans as (
    select run_id, trigger, started_at from ops.landing_scan

    union

    -- Older versions recorded only runs that found something; of these, the scheduled ones looked at everything.
    select run_id, trigger, started_at
    from ops.load_run
    where trigger = 'schedule'
)

select
    scans.run_id,
    scans.trigger,
    scans.started_at,
    first_run.first_started_at
from scans
cross join first_run
order by scans.started_at desc, scans.run_id desc
limit 200;
