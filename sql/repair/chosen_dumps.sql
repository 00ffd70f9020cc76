-- Deliveries in one of the given states (separated by commas), chosen by key, path or glob, by feed, or all of them. One
-- that was replaced waits no more, and is chosen only by name.
select
    dump_status.dump_key,
    dump_status.path,
    dump_status.source,
    dump_status.sha256,
    dump_status.state
from ops.dump_status
where
    list_contains(string_split($states, ','), dump_status.state)
    and (
        (($everything or dump_status.source = $of_source) and not dump_status.is_replaced)
        or dump_status.path = $name
        or dump_status.dump_key::varchar = $name
        or dump_status.path glob $name
    )
order by dump_status.dump_key;
