-- The last runs that changed the warehouse, newest first, with their totals: enough for the last night.
with
sums as (
    select
        run_id,
        count(*) as dumps,
        count(*) filter (state = 'refused') as dumps_refused,
        count(*) filter (state = 'failed') as dumps_failed,
        count(*) filter (state = 'loaded' and kind = 'delivery' and reason is not null) as dumps_warned,
        sum(articles_read)::bigint as articles_read,
        sum(inserted)::bigint as inserted,
        sum(revised)::bigint as revised,
        sum(unchanged)::bigint as unchanged,
        sum(rejected)::bigint as rejected
    from ops.dump_load
    group by run_id
),

waiting as (
    select
        run_id,
        count(*) as dumps_waiting
    from ops.dump_status
    where state in ('parked', 'refused', 'failed') and not is_replaced
    group by run_id
)

select
    load_run.run_id,
    load_run.trigger,
    load_run.started_at,
    load_run.finished_at,
    load_run.state,
    coalesce(sums.dumps, 0) as dumps,
    coalesce(sums.dumps_refused, 0) as dumps_refused,
    coalesce(sums.dumps_failed, 0) as dumps_failed,
    coalesce(sums.dumps_warned, 0) as dumps_warned,
    coalesce(waiting.dumps_waiting, 0) as dumps_waiting,
    coalesce(sums.articles_read, 0) as articles_read,
    coalesce(sums.inserted, 0) as inserted,
    coalesce(sums.revised, 0) as revised,
    coalesce(sums.unchanged, 0) as unchanged,
    coalesce(sums.rejected, 0) as rejected
from ops.load_run
left join sums on sums.run_id = load_run.run_id
left join waiting on waiting.run_id = load_run.run_id
order by load_run.run_number desc
limit 200;
