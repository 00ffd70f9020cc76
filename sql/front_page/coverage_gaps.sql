-- Days on which a publication is missing or unusually thin, among the $days days before the last load, for the
-- publications that are usually there: usual is the median of the same weekday over the eight weeks before. Under three
-- articles a day a publication is only small.
with
last_load as (
    select max(started_at)::date as day from ops.load_run
),

daily as (
    select
        dim_date.date as day,
        fact_article.publication_key,
        count(*) as articles
    from news.fact_article
    inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
    where
        fact_article.is_current
        and fact_article.status <> 'canceled'
        and fact_article.publication_key <> 0
        and dim_date.date is not null
    group by dim_date.date, fact_article.publication_key
),

-- The day of the last load is not over yet, nor is one after it.
window_end as (
    select least(max(daily.day), any_value(last_load.day) - 1) as day
    from daily
    cross join last_load
),

first_seen as (
    select
        publication_key,
        min(day) as day
    from daily
    group by publication_key
),

looked_at as (
    select
        first_seen.publication_key,
        first_seen.day as first_day,
        window_end.day - back.days::integer as day
    from first_seen
    cross join window_end
    cross join range($days) as back (days)
),

same_weekday as (
    select
        looked_at.publication_key,
        looked_at.day,
        coalesce(daily.articles, 0) as articles
    from looked_at
    cross join range(1, 9) as week (number)
    left join daily
        on daily.publication_key = looked_at.publication_key
        and daily.day = looked_at.day - 7 * week.number::integer
    where looked_at.first_day <= looked_at.day - 7 * week.number::integer
),

usual as (
    select
        publication_key,
        day,
        median(articles) as articles
    from same_weekday
    group by publication_key, day
    having count(*) >= 3
),

judged as (
    select
        usual.publication_key,
        usual.day,
        coalesce(daily.articles, 0) as articles,
        usual.articles as usual,
        case
            when coalesce(daily.articles, 0) = 0 then 'missing'
            when daily.articles < usual.articles / 4 and usual.articles - daily.articles >= 10 then 'thin'
            else 'there'
        end as state
    from usual
    left join daily on daily.publication_key = usual.publication_key and daily.day = usual.day
    where usual.articles >= 3
),

gaps as (
    select
        publication_key,
        count(*) filter (state = 'missing') as missing_days,
        count(*) filter (state = 'thin') as thin_days,
        row_number() over (order by count(*) filter (state <> 'there') desc, sum(usual) desc, publication_key) as rank
    from judged
    group by publication_key
    having count(*) filter (state <> 'there') > 0
)

select
    dim_publication.publication_name as publication,
    gaps.rank,
    gaps.missing_days,
    gaps.thin_days,
    judged.day,
    judged.articles,
    judged.usual,
    judged.state
from judged
inner join gaps on gaps.publication_key = judged.publication_key
inner join news.dim_publication on dim_publication.publication_key = judged.publication_key
where gaps.rank <= $publications
order by gaps.rank, judged.day;
