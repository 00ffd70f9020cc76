-- after: ops.publication
create or replace view mart.load_history as
with
counted as (
    select
        dump_load.run_id,
        count(*) as dumps,
        count(*) filter (dump_load.state = 'refused') as dumps_refused,
        count(*) filter (dump_load.state = 'failed') as dumps_failed,
        sum(dump_load.articles_read)::bigint as articles_read,
        sum(dump_load.inserted)::bigint as inserted,
        sum(dump_load.revised)::bigint as revised,
        sum(dump_load.unchanged)::bigint as unchanged,
        sum(dump_load.rejected)::bigint as rejected,
        list(dump.path || ': ' || dump_load.reason order by dump.path)
            filter (dump_load.state in ('refused', 'failed')) as not_loaded
    from ops.dump_load
    inner join ops.dump on dump.dump_key = dump_load.dump_key
    group by dump_load.run_id
),

carried as (
    select
        load_run.run_id,
        min(publication.published_at) as published_at
    from ops.load_run
    inner join ops.load_run as last_run on last_run.run_number >= load_run.run_number
    inner join ops.publication on publication.run_id = last_run.run_id
    group by load_run.run_id
)

select
    load_run.run_id,
    load_run.run_number,
    load_run.trigger,
    load_run.started_at,
    load_run.finished_at,
    date_diff('second', load_run.started_at, load_run.finished_at) as seconds,
    load_run.state,
    carried.published_at,
    coalesce(counted.dumps, 0) as dumps,
    coalesce(counted.dumps_refused, 0) as dumps_refused,
    coalesce(counted.dumps_failed, 0) as dumps_failed,
    coalesce(counted.articles_read, 0) as articles_read,
    coalesce(counted.inserted, 0) as inserted,
    coalesce(counted.revised, 0) as revised,
    coalesce(counted.unchanged, 0) as unchanged,
    coalesce(counted.rejected, 0) as rejected,
    coalesce(counted.not_loaded, []) as not_loaded
from ops.load_run
left join counted on counted.run_id = load_run.run_id
left join carried on carried.run_id = load_run.run_id;

comment on view mart.load_history is 'One row per run that changed something: what it read, what became of it and when analysts could see it. Key: run_id.';
comment on column mart.load_history.run_id is 'The run';
comment on column mart.load_history.run_number is 'Place in the order in which the runs changed something, whatever the clock said; the last run has the highest';
comment on column mart.load_history.trigger is 'What started it: schedule, manual, command_line or backfill; or what it did: replay, unload, release, dismiss, renormalise, separate, takedown or maintenance';
comment on column mart.load_history.started_at is 'Start of the run, UTC; the loaded_at of everything it loaded';
comment on column mart.load_history.finished_at is 'End of its verification, UTC; empty until then';
comment on column mart.load_history.seconds is 'Seconds from started_at to finished_at';
comment on column mart.load_history.state is 'loading until verified; then verified, or failed if the suites refused it';
comment on column mart.load_history.published_at is 'When a published copy first included it, UTC; empty until then';
comment on column mart.load_history.dumps is 'Deliveries that the run processed';
comment on column mart.load_history.dumps_refused is 'Of these, refused: the dump is at fault';
comment on column mart.load_history.dumps_failed is 'Of these, failed: Broadsheet or its environment is at fault';
comment on column mart.load_history.articles_read is 'Articles found, readable or not';
comment on column mart.load_history.inserted is 'Articles not known before';
comment on column mart.load_history.revised is 'New revisions of known articles';
comment on column mart.load_history.unchanged is 'Articles already stored in exactly this form';
comment on column mart.load_history.rejected is 'Articles not loaded';
comment on column mart.load_history.not_loaded is 'Each delivery that was refused or failed, with the reason';
