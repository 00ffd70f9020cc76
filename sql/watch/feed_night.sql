-- What each of $feeds delivered on $night, a calendar day in $timezone, what is usual, and the `kind` of a feed that
-- delivered nothing, far less or far more. Feeds of which nothing is usual yet are not listed.
-- Usual is the median of the same weekday in the previous eight weeks, not counting weeks before the feed was first seen;
-- a day without a load counts as 0.
with
feed as (
    select unnest($feeds::varchar[]) as source
),

delivery as (
    select
        dump.source,
        cast(dump_load.loaded_at at time zone 'UTC' at time zone $timezone as date) as night,
        case when dump_load.state = 'loaded' then dump_load.articles_read else 0 end as articles,
        dump_load.state in ('refused', 'failed') as is_not_loaded
    from ops.dump_load
    inner join ops.dump on dump.dump_key = dump_load.dump_key
    where dump_load.kind = 'delivery' and dump_load.state in ('loaded', 'refused', 'failed')
),

first_seen as (
    select
        source,
        min(cast(first_seen_at at time zone 'UTC' at time zone $timezone as date)) as night
    from ops.dump
    group by source
),

brought as (
    select
        source,
        night,
        sum(articles)::bigint as articles,
        count(*) filter (is_not_loaded) as not_loaded
    from delivery
    group by source, night
),

same_weekday as (
    select
        first_seen.source,
        coalesce(brought.articles, 0) as articles
    from first_seen
    cross join range(1, 9) as week (number)
    left join brought
        on brought.source = first_seen.source
        and brought.night = $night::date - 7 * week.number::integer
    where first_seen.night <= $night::date - 7 * week.number::integer
),

usual as (
    select
        source,
        median(articles) as articles,
        count(*) as weeks
    from same_weekday
    group by source
),

tonight as (
    select
        feed.source,
        coalesce(brought.articles, 0) as articles,
        coalesce(brought.not_loaded, 0) as not_loaded,
        usual.articles as usual
    from feed
    inner join usual on usual.source = feed.source
    left join brought on brought.source = feed.source and brought.night = $night::date
    where usual.weeks >= 3 and usual.articles > 0
)

select
    source,
    articles,
    usual,
    not_loaded,
    case
        when articles = 0 then 'nothing'
        -- With a difference of fewer than ten articles, the feed is just small.
        when articles < usual / 4 and usual - articles >= 10 then 'far less'
        when articles > usual * 4 and articles - usual >= 10 then 'far more'
    end as kind
from tonight
order by source;
