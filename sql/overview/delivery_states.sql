-- Deliveries by state. One that was never loaded is replaced where a later one of the same path was.
with
last_loaded as (
    select
        source,
        path,
        max(dump_key) as dump_key
    from ops.dump_status
    where state = 'loaded'
    group by source, path
),

states as (
    select
        case
            when dump_status.state in ('refused', 'failed', 'parked') and last_loaded.dump_key > dump_status.dump_key
                then 'replaced'
            else dump_status.state
        end as state
    from ops.dump_status
    left join last_loaded on last_loaded.source = dump_status.source and last_loaded.path = dump_status.path
)

select
    state,
    count(*) as deliveries
from states
group by state
order by state;
