-- Deliveries waiting for a person: parked, refused or failed, with no later delivery of the path loaded. Newest first.
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
left join ops.load_run on load_run.run_id = dump_status.run_id
where dump_status.state in ('parked', 'refused', 'failed') and not dump_status.is_replaced
order by load_run.run_number desc nulls last, dump_status.path
limit 200;
