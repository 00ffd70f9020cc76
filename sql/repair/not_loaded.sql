-- Deliveries of which nothing is stored, so that nobody knows what they hold: the last of each path.
select
    dump_status.path,
    dump_status.state
from ops.dump_status
where
    dump_status.state <> 'loaded'
    and not exists (
        select 1 from ops.dump as later
        where
            later.source = dump_status.source
            and later.path = dump_status.path
            and later.dump_key > dump_status.dump_key
    )
    and not exists (
        select 1 from ops.takedown_dump
        where takedown_dump.dump_key = dump_status.dump_key
    )
order by dump_status.path;
