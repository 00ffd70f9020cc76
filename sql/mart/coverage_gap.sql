-- after: mart.daily_volume
create or replace view mart.coverage_gap as
with
published as (
    select
        publication_key,
        publication,
        published_date as day,
        articles
    from mart.daily_volume
    where publication_key <> 0 and published_date_key <> 0
),

feeds as (
    select
        publication_key,
        max(max(published_date_key)) over (partition by source) as last_date_key
    from news.fact_article
    group by source, publication_key
),

ends as (
    select
        publication_key,
        max(last_date_key) as last_date_key
    from feeds
    group by publication_key
),

-- What was published on one or two days has no usual day.
spans as (
    select
        published.publication_key,
        published.publication,
        dim_date.date as last_day,
        min(published.day) as first_day
    from published
    inner join ends on ends.publication_key = published.publication_key
    inner join news.dim_date on dim_date.date_key = ends.last_date_key
    group by published.publication_key, published.publication, dim_date.date
    having count(*) >= 3
),

-- For every day, what was published on the same weekday in the previous eight weeks, if anything.
same_weekday as (
    select
        published.publication_key,
        published.day + 7 * week.number::integer as day,
        list(published.articles) as articles
    from published
    cross join range(1, 9) as week (number)
    group by published.publication_key, published.day + 7 * week.number::integer
),

usual as (
    select
        spans.publication_key,
        spans.publication,
        same_weekday.day,
        least(8, (same_weekday.day - spans.first_day) // 7) as weeks,
        list_sum(same_weekday.articles) as articles,
        list_sum(list_transform(same_weekday.articles, lambda number: number * number)) as squares,
        len(same_weekday.articles) as weeks_with_articles,
        list_median(list_resize(same_weekday.articles, weeks, 0)) as median_articles
    from same_weekday
    inner join spans on spans.publication_key = same_weekday.publication_key
    where same_weekday.day <= spans.last_day
),

days as (
    select
        usual.publication_key,
        usual.publication,
        usual.day,
        usual.weeks,
        usual.median_articles,
        coalesce(published.articles, 0) as articles,
        -- Articles that come at random (Poisson), so many in these weeks: how likely is none on one more day?
        (usual.weeks / (usual.weeks + 1)) ** (usual.articles + 0.5) as chance_at_random,
        1 - usual.weeks_with_articles / usual.weeks as share_of_empty_weeks,
        -- Of a weekly with three articles an empty day may be chance, but not if these numbers hardly differ: at random
        -- their variance is as large as they are. Chosen so that at most one in 200 days of random weeklies is missing.
        usual.weeks >= 7
        and usual.weeks_with_articles = usual.weeks
        and usual.weeks * usual.squares / usual.articles - usual.articles <= 0.25 * (usual.weeks - 1) as is_regular
    from usual
    left join published on published.publication_key = usual.publication_key and published.day = usual.day
    where usual.weeks >= 3 and usual.articles >= usual.weeks
),

-- Articles that come in bursts leave more days empty than at random, and those that come every day fewer: how many did
-- the eight weeks before an empty day, or the first of a row of them? The first day that is judged has none before:
-- there the empty ones among its weeks count.
histories as (
    select
        publication_key,
        publication,
        day,
        weeks,
        median_articles,
        articles,
        chance_at_random,
        is_regular,
        coalesce(avg((articles = 0)::integer) over eight_weeks, share_of_empty_weeks) as empty_share,
        coalesce(sum((articles = 0)::integer) over eight_weeks, 0) as empty_days,
        coalesce(sum(chance_at_random) over eight_weeks, 0) as empty_days_at_random,
        count(*) filter (articles > 0) over (partition by publication_key order by day) as days_before
    from days
    window eight_weeks as (
        partition by publication_key
        order by day
        range between interval 56 days preceding and interval 1 day preceding
    )
),

chances as (
    select
        publication_key,
        publication,
        day,
        weeks,
        median_articles,
        articles,
        days_before,
        greatest(
            if(
                is_regular,
                0.001,
                chance_at_random * first_value((empty_days + 2) / (empty_days_at_random + 2)) over in_a_row
            ),
            first_value(empty_share) over in_a_row
        ) as chance
    from histories
    window in_a_row as (partition by publication_key, days_before order by day)
),

-- Empty days in a row are judged together: one may be chance where three are not. The more days, the more of such runs
-- there are to begin with.
judged as (
    select
        publication_key,
        publication,
        day,
        articles,
        -- What is usual does not fade while a gap lasts.
        first_value(weeks) over weekday_in_a_row as weeks,
        first_value(median_articles) over weekday_in_a_row as median_articles,
        count(*) filter (articles = 0) over in_a_row as empty_days,
        exp(sum(ln(chance)) filter (articles = 0) over in_a_row) as chance
    from chances
    window
        in_a_row as (partition by publication_key, days_before),
        weekday_in_a_row as (partition by publication_key, days_before, articles = 0, dayofweek(day) order by day)
)

select
    publication_key,
    publication,
    day,
    dayname(day) as day_name,
    if(articles = 0, 'missing', 'thin') as kind,
    articles,
    median_articles as usual_articles,
    weeks
from judged
where
    -- Where most of the weeks are empty, the articles are those of a few issues, and say little of the chance.
    (articles = 0 and median_articles > 0 and chance * empty_days < 0.003)
    -- With a difference of fewer than ten articles, the publication is just small.
    or (articles > 0 and median_articles - articles >= 10 and articles < median_articles / 4);

comment on view mart.coverage_gap is 'One row per publication and day with no articles or unusually few, up to the last day that its feed has delivered. Key: publication_key, day.';
comment on column mart.coverage_gap.publication_key is 'Publication';
comment on column mart.coverage_gap.publication is 'Name of the publication';
comment on column mart.coverage_gap.day is 'Date as printed (local to the source)';
comment on column mart.coverage_gap.day_name is 'English name of the day';
comment on column mart.coverage_gap.kind is 'missing (no articles where the usual number is above 0, and so many empty days in a row would be a surprise: their chance by the weeks before, times their number, is under 0.003; the chance is 0.001 where seven or eight weeks had about the same number each) or thin (less than a quarter of the usual number, and at least ten fewer)';
comment on column mart.coverage_gap.articles is 'Articles on that day';
comment on column mart.coverage_gap.usual_articles is 'The usual number: the median of the same weekday in the previous eight weeks, not counting weeks before its first day; a day without articles counts as 0. In a gap of weeks, it stays what it was when the gap began';
comment on column mart.coverage_gap.weeks is 'Number of weeks in that median, 3 to 8';
