-- Deliveries that wait for a person: parked, refused or failed, and no later one of the same path is loaded. Newest first.
with
last_loaded as (
    select
        source,
        path,
        max(dump_key) as dump_key
    from ops.dump_status
    where state = 'loaded'
    group by source, path
)

select
    dump_status.path,
    dump_status.source,
    dump_status.format,
    dump_status.state,
    dump_status.attempts,
    dump_status.articles_read,
    dump_status.reason,
    dump_status.run_id,
    dump_status.loaded_at
from ops.dump_status
left join last_loaded on last_loaded.source = dump_status.source and last_loaded.path = dump_status.path
where
    dump_status.state in ('parked', 'refused', 'failed')
    and coalesce(last_loaded.dump_key, -1) < dump_status.dump_key
order by dump_status.loaded_at desc, dump_status.path
limit 200;
