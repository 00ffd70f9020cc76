-- The states of the deliveries of a path or key.
select
    dump_key,
    state
from ops.dump_status
where path = $name or dump_key::varchar = $name
order by dump_key;
