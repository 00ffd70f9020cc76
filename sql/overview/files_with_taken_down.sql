-- Deliveries that contain what was taken down, by path: the last delivery of each.
select
    dump.path,
    dump.source
from ops.takedown_dump
inner join ops.dump on dump.dump_key = takedown_dump.dump_key
where not exists (
    select 1 from ops.dump as later
    where later.source = dump.source and later.path = dump.path and later.dump_key > dump.dump_key
)
order by dump.path;
