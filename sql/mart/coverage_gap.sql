-- after: mart.daily_volume
-- Unusual is defined as in sql/watch/unusual_feed.sql, but for days of publication instead of nights of loading.
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
        list_median(list_resize(same_weekday.articles, weeks, 0)) as articles
    from same_weekday
    inner join spans on spans.publication_key = same_weekday.publication_key
    where same_weekday.day <= spans.last_day
)

select
    usual.publication_key,
    usual.publication,
    usual.day,
    dayname(usual.day) as day_name,
    if(coalesce(published.articles, 0) = 0, 'missing', 'thin') as kind,
    coalesce(published.articles, 0) as articles,
    usual.articles as usual_articles,
    usual.weeks
from usual
left join published on published.publication_key = usual.publication_key and published.day = usual.day
where
    usual.weeks >= 3
    and usual.articles > 0
    and (
        coalesce(published.articles, 0) = 0
        -- With a difference of fewer than ten articles, the publication is just small.
        or (usual.articles - published.articles >= 10 and published.articles < usual.articles / 4)
    );

comment on view mart.coverage_gap is 'One row per publication and day with no articles or unusually few, up to the last day that its feed has delivered. Key: publication_key, day.';
comment on column mart.coverage_gap.publication_key is 'Publication';
comment on column mart.coverage_gap.publication is 'Name of the publication';
comment on column mart.coverage_gap.day is 'Date as printed (local to the source)';
comment on column mart.coverage_gap.day_name is 'English name of the day';
comment on column mart.coverage_gap.kind is 'missing (no articles) or thin (less than a quarter of the usual number, and at least ten fewer)';
comment on column mart.coverage_gap.articles is 'Articles on that day';
comment on column mart.coverage_gap.usual_articles is 'The usual number: the median of the same weekday in the previous eight weeks, not counting weeks before its first day; a day without articles counts as 0';
comment on column mart.coverage_gap.weeks is 'Number of weeks in that median, 3 to 8';
