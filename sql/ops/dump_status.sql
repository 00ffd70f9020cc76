-- A dump that failed is parked only where Broadsheet itself fails on it, not for what its batch, the disk or a file
-- that changed is to blame for. A Broadsheet with a newer schema tries it again.
create or replace view ops.dump_status as
with
decided as (
    select
        dump_key,
        count(*) filter (kind = 'delivery') as attempts,
        arg_max(state, loaded_at) filter (kind <> 'replay') as last_state,
        arg_max(run_id, loaded_at) filter (kind in ('delivery', 'unload')) as counted_run_id,
        max(loaded_at) filter (kind in ('unload', 'release')) as released_at,
        coalesce(sum(inserted + revised + unchanged) filter (kind = 'replay'), 0)::bigint as replayed
    from ops.dump_load
    group by dump_key
),

upgraded as (
    -- The run that brought the schema up to date began before it did so.
    select max(applied_at) - interval 1 day as upgraded_at from ops.schema_version
),

failures as (
    select
        dump_load.dump_key,
        count(*) as failures
    from ops.dump_load
    inner join decided on decided.dump_key = dump_load.dump_key
    cross join upgraded
    where
        dump_load.kind = 'delivery'
        and (
            dump_load.state = 'refused'
            or (
                dump_load.state = 'failed'
                and dump_load.reason like '%this is a fault of Broadsheet%'
                and dump_load.loaded_at > upgraded.upgraded_at
            )
        )
        and (decided.released_at is null or dump_load.loaded_at > decided.released_at)
    group by dump_load.dump_key
),

replaced as (
    select
        dump.source,
        dump.path,
        max(dump.dump_key) as dump_key
    from ops.dump
    inner join decided on decided.dump_key = dump.dump_key
    where decided.last_state = 'loaded'
    group by dump.source, dump.path
)

select
    dump.dump_key,
    dump.path,
    dump.source,
    dump.format,
    case
        when decided.last_state is null or decided.last_state = 'released' then 'new'
        when decided.last_state in ('refused', 'failed') and failures.failures >= 3 then 'parked'
        else decided.last_state
    end as state,
    coalesce(decided.attempts, 0) as attempts,
    dump_load.articles_declared,
    dump_load.marks_seen,
    dump_load.articles_read,
    dump_load.inserted,
    dump_load.revised,
    dump_load.unchanged,
    dump_load.rejected,
    dump_load.skipped,
    dump_load.reason,
    dump_load.run_id,
    dump_load.loaded_at,
    dump.sha256,
    dump.manifest_sha256,
    coalesce(decided.replayed, 0) as replayed,
    coalesce(replaced.dump_key > dump.dump_key, false) as is_replaced
from ops.dump
left join decided on decided.dump_key = dump.dump_key
left join failures on failures.dump_key = dump.dump_key
left join replaced on replaced.source = dump.source and replaced.path = dump.path
left join ops.dump_load on dump_load.dump_key = dump.dump_key and dump_load.run_id = decided.counted_run_id;

comment on view ops.dump_status is 'One row per delivery with its last load. Key: dump_key.';
comment on column ops.dump_status.dump_key is 'Surrogate key of the delivery';
comment on column ops.dump_status.path is 'Path below the landing folder; the full path if the file is elsewhere';
comment on column ops.dump_status.source is 'Feed it belongs to; ad_hoc if none';
comment on column ops.dump_status.format is 'Format in which it was first read';
comment on column ops.dump_status.state is 'new (or released), loaded, refused, failed, parked (refused three times, or stopped three times by a fault of Broadsheet: not tried again until released), unloaded or dismissed';
comment on column ops.dump_status.attempts is 'Number of runs that tried to load it';
comment on column ops.dump_status.articles_declared is 'Number of articles according to the dump or its manifest; empty if neither says';
comment on column ops.dump_status.marks_seen is 'Articles counted by a scan that is independent of the parser; empty if nothing could be scanned';
comment on column ops.dump_status.articles_read is 'Articles found in the last load, readable or not';
comment on column ops.dump_status.inserted is 'Articles not known before the last load';
comment on column ops.dump_status.revised is 'New revisions of known articles in the last load';
comment on column ops.dump_status.unchanged is 'Articles already stored in exactly this form before the last load';
comment on column ops.dump_status.rejected is 'Articles not loaded in the last load';
comment on column ops.dump_status.skipped is 'JSON: pieces that are not articles, counted by kind';
comment on column ops.dump_status.reason is 'Why the dump was refused or failed; otherwise any warnings';
comment on column ops.dump_status.run_id is 'Run of the last load';
comment on column ops.dump_status.loaded_at is 'Start of that run, UTC';
comment on column ops.dump_status.sha256 is 'SHA-256 of the file; empty if it could not be read';
comment on column ops.dump_status.manifest_sha256 is 'SHA-256 of what its manifest or a form stated about it; empty if nothing was stated';
comment on column ops.dump_status.replayed is 'Articles that were rejected at first and loaded by a later replay';
comment on column ops.dump_status.is_replaced is 'Whether a later delivery of the same path is loaded: the dump was corrected, and this delivery is superseded';
