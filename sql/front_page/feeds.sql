-- Every feed in $feeds, and any other that has delivered: when it last did, what it delivered on $night, a day in
-- $timezone, and in the 14 nights up to then. Most first.
with
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

known as (
    select unnest($feeds::varchar[]) as feed

    union

    select source as feed
    from ops.dump
)

select
    known.feed,
    arg_max(delivery.night, delivery.run_number) as last_night,
    coalesce(sum(delivery.articles) filter (delivery.night = $night::date), 0)::bigint as articles,
    coalesce(sum(delivery.articles) filter (delivery.night > $night::date - 14), 0)::bigint as articles_lately,
    count(*) over () as feeds
from known
left join delivery on delivery.feed = known.feed
group by known.feed
order by articles_lately desc, known.feed
limit $limit;
