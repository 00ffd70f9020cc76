-- Every feed in $feeds, and any other that has delivered: what it brought last night (the runs $run_ids), what in the
-- 14 nights up to $night, a day in $timezone, and when last. Most first. A row without a feed is the sum of all.
with
-- A dump may have been tried more than once in a night: the last time says whether it is loaded.
tried as (
    select
        dump_load.dump_key,
        arg_max(dump_load.state, load_run.run_number) as state,
        sum(dump_load.articles_read) as articles_read,
        sum(dump_load.inserted) as inserted,
        sum(dump_load.revised) as revised,
        sum(dump_load.unchanged) as unchanged,
        sum(dump_load.rejected) as rejected
    from ops.dump_load
    inner join ops.load_run on load_run.run_id = dump_load.run_id
    where dump_load.run_id in (select unnest($run_ids::varchar[])) and dump_load.kind in ('delivery', 'replay')
    group by dump_load.dump_key
),

brought as (
    select
        dump.source as feed,
        count(*) as dumps,
        count(*) filter (tried.state in ('refused', 'failed')) as dumps_not_loaded,
        sum(tried.articles_read) as articles_read,
        sum(tried.inserted) as inserted,
        sum(tried.revised) as revised,
        sum(tried.unchanged) as unchanged,
        sum(tried.rejected) as rejected
    from tried
    inner join ops.dump on dump.dump_key = tried.dump_key
    group by dump.source
),

delivery as (
    select
        dump.source as feed,
        cast(dump_load.loaded_at at time zone 'UTC' at time zone $timezone as date) as night,
        load_run.run_number,
        dump_load.articles_read as articles
    from ops.dump_load
    inner join ops.dump on dump.dump_key = dump_load.dump_key
    inner join ops.load_run on load_run.run_id = dump_load.run_id
    where dump_load.kind = 'delivery' and dump_load.state = 'loaded'
),

delivered as (
    select
        feed,
        arg_max(night, run_number) as last_night,
        sum(articles) filter (night > $night::date - 14) as articles_lately
    from delivery
    group by feed
),

known as (
    select unnest($feeds::varchar[]) as feed

    union

    select source as feed
    from ops.dump
)

select
    known.feed,
    count(*) as feeds,
    coalesce(sum(brought.dumps), 0)::bigint as dumps,
    coalesce(sum(brought.dumps_not_loaded), 0)::bigint as dumps_not_loaded,
    coalesce(sum(brought.articles_read), 0)::bigint as articles_read,
    coalesce(sum(brought.inserted), 0)::bigint as inserted,
    coalesce(sum(brought.revised), 0)::bigint as revised,
    coalesce(sum(brought.unchanged), 0)::bigint as unchanged,
    coalesce(sum(brought.rejected), 0)::bigint as rejected,
    coalesce(sum(delivered.articles_lately), 0)::bigint as articles_lately,
    any_value(delivered.last_night) as last_night
from known
left join brought on brought.feed = known.feed
left join delivered on delivered.feed = known.feed
group by grouping sets ((known.feed), ())
order by known.feed is not null, articles_read desc, articles_lately desc, known.feed
limit $limit + 1;
