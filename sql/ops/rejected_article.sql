-- after: ops.dump
create table if not exists ops.rejected_article (
    run_id varchar not null,
    dump_key bigint not null,
    ordinal bigint,
    position varchar not null,
    stage varchar not null,
    reason varchar not null,
    quarantine_file varchar,
    replayed_at timestamp,
    dismissed_at timestamp,
    dismissed_because varchar
);

comment on table ops.rejected_article is 'One row per article that was not loaded, with the reason, and one per dump that was not loaded.';
comment on column ops.rejected_article.run_id is 'The run that rejected it; see ops.load_run';
comment on column ops.rejected_article.dump_key is 'The delivery that contained it; see ops.dump';
comment on column ops.rejected_article.ordinal is 'Position of its raw record in the quarantine file; empty if none is kept';
comment on column ops.rejected_article.position is 'Position in the dump: member, then line, row or ordinal; empty for a whole dump';
comment on column ops.rejected_article.stage is 'What rejected it: extract (the reader), normalise (the normaliser), check (the suites), load (the warehouse), takedown (it must not be loaded again), or dump if the whole dump was not loaded';
comment on column ops.rejected_article.reason is 'Why it was rejected, and what to do';
comment on column ops.rejected_article.quarantine_file is 'File below quarantine/ that holds its raw record; empty for a whole dump, and for an article that was taken down';
comment on column ops.rejected_article.replayed_at is 'When it was processed again, UTC, by a replay or with its whole dump; empty until then. If it was rejected again, a later row says why';
comment on column ops.rejected_article.dismissed_at is 'When a person decided that it need not be loaded, UTC; empty if nobody did';
comment on column ops.rejected_article.dismissed_because is 'Why it was dismissed';

-- A dump that is processed again delivers all of its articles again.
update ops.rejected_article
set replayed_at = $loaded_at
from incoming_dump
where
    incoming_dump.dump_key = rejected_article.dump_key
    and incoming_dump.kind = 'delivery'
    and rejected_article.replayed_at is null;

insert into ops.rejected_article
with
articles as (
    select
        incoming_dump.dump_key,
        if(rejected.stage = 'takedown', null, rejected.ordinal) as ordinal,
        rejected.position,
        rejected.stage,
        rejected.reason,
        if(rejected.stage = 'takedown', null, rejected.quarantine_file) as quarantine_file
    from read_parquet($rejected_path) as rejected
    inner join incoming_dump on incoming_dump.delivery = rejected.delivery
    -- What a replay could not try again is waiting already.
    where incoming_dump.kind = 'delivery' or incoming_dump.state = 'loaded'
),

dumps as (
    select
        dump_key,
        null as ordinal,
        '' as position,
        'dump' as stage,
        reason,
        null as quarantine_file
    from incoming_dump
    where state <> 'loaded'
),

takedowns as (
    select
        dump_key,
        null as ordinal,
        position,
        'takedown' as stage,
        reason,
        null as quarantine_file
    from taken_down
),

rejected as (
    select dump_key, ordinal, position, stage, reason, quarantine_file
    from articles

    union all

    select dump_key, ordinal, position, stage, reason, quarantine_file
    from takedowns

    union all

    select dump_key, ordinal, position, stage, reason, quarantine_file
    from dumps
)

select
    $run_id as run_id,
    dump_key,
    ordinal,
    position,
    stage,
    reason,
    quarantine_file,
    null as replayed_at,
    null as dismissed_at,
    null as dismissed_because
from rejected
order by dump_key, ordinal nulls first;
