-- A dump that failed is parked only where Broadsheet itself fails on it, not for what its batch, the disk or a file
-- that changed is to blame for. A Broadsheet with a newer schema tries it again.
-- "Last" is by the number of the run: a clock may have been set back.
create or replace view ops.dump_status as
with
numbered as (
    select
        dump_load.dump_key,
        dump_load.run_id,
        coalesce(load_run.run_number, 0) as run_number,
        dump_load.state,
        dump_load.kind,
        dump_load.reason,
        dump_load.inserted + dump_load.revised + dump_load.unchanged as passed
    from ops.dump_load
    left join ops.load_run on load_run.run_id = dump_load.run_id
),

decided as (
    select
        dump_key,
        count(*) filter (kind = 'delivery') as attempts,
        arg_max(state, run_number) filter (kind <> 'replay') as last_state,
        arg_max(run_id, run_number) filter (kind in ('delivery', 'unload')) as counted_run_id,
        coalesce(max(run_number) filter (kind in ('unload', 'release')), -1) as released_in,
        coalesce(sum(passed) filter (kind = 'replay'), 0)::bigint as replayed
    from numbered
    group by dump_key
),

upgraded as (
    select coalesce(max(last_run_number), -1) as upgraded_after from ops.schema_version
),

failures as (
    select
        numbered.dump_key,
        count(*) as failures
    from numbered
    inner join decided on decided.dump_key = numbered.dump_key
    cross join upgraded
    where
        numbered.kind = 'delivery'
        and (
            numbered.state = 'refused'
            or (
                numbered.state = 'failed'
                and numbered.reason like '%this is a fault of Broadsheet%'
                and numbered.run_number > upgraded.upgraded_after
            )
        )
        and numbered.run_number > decided.released_in
    group by numbered.dump_key
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
    dump_load.words_seen,
    dump_load.words_accounted,
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
comment on column ops.dump_status.words_seen is 'Visible words of the dump in its last load; empty where they were not counted, as in web archives';
comment on column ops.dump_status.words_accounted is 'Of these, the words that ended in an article, a reject or a skip; empty where they were not counted';
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
