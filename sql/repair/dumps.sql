-- Deliveries with a given path or key, in one of the given states (separated by commas).
select
    dump_key,
    path,
    source,
    state,
    attempts,
    reason,
    loaded_at
from ops.dump_status
where
    (path = $name or dump_key::varchar = $name)
    and list_contains(string_split($states, ','), state)
order by dump_key;
