-- Deliveries by state. A delivery that was never loaded counts as replaced if a later one of the same path was loaded.
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
