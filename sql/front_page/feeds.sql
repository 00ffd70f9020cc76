-- Every feed: when it last delivered, what it brought on $night, a day in $timezone, and in the 14 nights up to it.
with
delivery as (
    select
        dump.source as feed,
        cast(dump_load.loaded_at at time zone 'UTC' at time zone $timezone as date) as night,
        dump_load.articles_read
    from ops.dump_load
    inner join ops.dump on dump.dump_key = dump_load.dump_key
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
    max(delivery.night) as last_night,
    coalesce(sum(delivery.articles_read) filter (delivery.night = $night::date), 0)::bigint as articles,
    coalesce(sum(delivery.articles_read) filter (delivery.night > $night::date - 14), 0)::bigint as articles_lately,
    coalesce(sum(delivery.articles_read), 0)::bigint as articles_ever
from known
left join delivery on delivery.feed = known.feed
group by known.feed
order by articles_lately desc, known.feed;
