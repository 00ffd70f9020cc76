-- Rejected articles waiting to be replayed, by run, dump (its path or key) or reason (part of it); all if none given.
-- Replays of older versions left several rows of one article: the first of them has its raw record.
select
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
inner join ops.load_run on load_run.run_id = open_rejection.run_id
where
    ($of_run is null or open_rejection.run_id = $of_run)
    and ($of_dump is null or dump.path = $of_dump or dump.dump_key::varchar = $of_dump)
    and ($of_reason is null or contains(lower(open_rejection.reason), lower($of_reason)))
qualify
    rank() over (
        partition by open_rejection.dump_key, open_rejection.position order by load_run.started_at, load_run.run_id
    ) = 1
order by open_rejection.dump_key, open_rejection.run_id, open_rejection.ordinal;
