-- The deliveries of one batch, each with its key, except those already loaded by another run or by this one before it
-- was stopped.
create or replace temp table incoming_dump as
with
planned as (
    select
        delivery,
        kind,
        path,
        source,
        format,
        sha256,
        manifest_sha256,
        stated,
        bytes,
        state,
        reason,
        articles_declared,
        marks_seen,
        words_seen,
        words_accounted,
        articles_read,
        rejected,
        skipped
    from read_parquet($dumps_path)
    where batch = $batch
),

known as (
    select
        dump.dump_key,
        dump.path,
        dump.source,
        dump.sha256,
        dump.manifest_sha256,
        dump_status.state
    from ops.dump
    inner join ops.dump_status on dump_status.dump_key = dump.dump_key
),

highest as (
    select coalesce(max(dump_key), 0) as dump_key from ops.dump
)

select
    planned.delivery,
    planned.kind,
    planned.path,
    planned.source,
    planned.format,
    planned.sha256,
    planned.manifest_sha256,
    planned.stated,
    planned.bytes,
    planned.state,
    planned.reason,
    planned.articles_declared,
    planned.marks_seen,
    planned.words_seen,
    planned.words_accounted,
    planned.articles_read,
    planned.rejected,
    planned.skipped,
    known.dump_key is null as is_new,
    coalesce(
        known.dump_key,
        highest.dump_key + row_number() over (partition by known.dump_key is null order by planned.delivery)
    ) as dump_key
from planned
left join known
    on known.path = planned.path
    and known.source = planned.source
    and known.sha256 = planned.sha256
    and known.manifest_sha256 = planned.manifest_sha256
cross join highest
anti join ops.dump_load as done on done.run_id = $run_id and done.dump_key = known.dump_key
where $force or planned.kind <> 'delivery' or known.state is distinct from 'loaded';
