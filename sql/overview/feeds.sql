-- Every feed in $feeds, and any other that has delivered: what the runs $run_ids brought of it, and what waits.
with
known as (
    select unnest($feeds::varchar[]) as feed

    union

    select source as feed
    from ops.dump
),

-- A dump may have been tried more than once in a night: the last time counts.
tried as (
    select
        dump_load.dump_key,
        sum(dump_load.articles_read)::bigint as articles_read,
        sum(dump_load.inserted)::bigint as inserted,
        sum(dump_load.rejected)::bigint as rejected,
        arg_max(dump_load.state, load_run.run_number) as state
    from ops.dump_load
    inner join ops.load_run on load_run.run_id = dump_load.run_id
    where dump_load.kind = 'delivery' and dump_load.run_id in (select unnest($run_ids::varchar[]))
    group by dump_load.dump_key
),

brought as (
    select
        dump.source as feed,
        count(*) as dumps,
        sum(tried.articles_read)::bigint as articles_read,
        sum(tried.inserted)::bigint as inserted,
        sum(tried.rejected)::bigint as rejected,
        count(*) filter (tried.state in ('refused', 'failed')) as dumps_not_loaded
    from tried
    inner join ops.dump on dump.dump_key = tried.dump_key
    group by dump.source
),

waiting as (
    select
        source as feed,
        count(*) as dumps_waiting
    from ops.dump_status
    where state in ('parked', 'refused', 'failed') and not is_replaced
    group by source
),

delivered as (
    select
        dump.source as feed,
        arg_max(dump_load.loaded_at, load_run.run_number) as last_loaded_at
    from ops.dump_load
    inner join ops.dump on dump.dump_key = dump_load.dump_key
    inner join ops.load_run on load_run.run_id = dump_load.run_id
    where dump_load.kind = 'delivery' and dump_load.state = 'loaded'
    group by dump.source
)

select
    known.feed,
    coalesce(brought.dumps, 0) as dumps,
    coalesce(brought.articles_read, 0) as articles_read,
    coalesce(brought.inserted, 0) as inserted,
    coalesce(brought.rejected, 0) as rejected,
    coalesce(brought.dumps_not_loaded, 0) as dumps_not_loaded,
    coalesce(waiting.dumps_waiting, 0) as dumps_waiting,
    delivered.last_loaded_at
from known
left join brought on brought.feed = known.feed
left join waiting on waiting.feed = known.feed
left join delivered on delivered.feed = known.feed
order by articles_read desc, known.feed
limit 200;
