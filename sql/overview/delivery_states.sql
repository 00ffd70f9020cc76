-- Deliveries by state. One that was never loaded is replaced where a later one of the same path was.
with
states as (
    select
        if(state in ('refused', 'failed', 'parked') and is_replaced, 'replaced', state) as state
    from ops.dump_status
)

select
    state,
    count(*) as deliveries
from states
group by state
order by state;
