-- The states of the deliveries with a given path or key.
select
    dump_key,
    state
from ops.dump_status
where path = $name or dump_key::varchar = $name
order by dump_key;
