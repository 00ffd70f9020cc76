-- Rejected articles waiting to be replayed, by run, dump (its path or key) or reason (part of it); all if none given.
select
    open_rejection.run_id,
    open_rejection.dump_key,
    open_rejection.ordinal,
    open_rejection.position,
    open_rejection.quarantine_file,
    dump.path,
    dump.source,
    dump.format,
    dump.sha256,
    dump.manifest_sha256,
    dump.stated,
    dump.bytes
from ops.open_rejection
inner join ops.dump on dump.dump_key = open_rejection.dump_key
where
    ($of_run is null or open_rejection.run_id = $of_run)
    and ($of_dump is null or dump.path = $of_dump or dump.dump_key::varchar = $of_dump)
    and ($of_reason is null or contains(lower(open_rejection.reason), lower($of_reason)))
order by open_rejection.dump_key, open_rejection.run_id, open_rejection.ordinal;
