-- Which subjects had a larger share of the last month than of the month before?
with
last_month as (
    select max(month) as month
    from mart.topic_trend
),

compared as (
    select
        topic_trend.topic_key,
        topic_trend.topic,
        coalesce(any_value(topic_trend.articles) filter (topic_trend.month = last_month.month), 0) as articles,
        coalesce(any_value(topic_trend.share) filter (topic_trend.month < last_month.month), 0) as share_before,
        coalesce(any_value(topic_trend.share) filter (topic_trend.month = last_month.month), 0) as share
    from mart.topic_trend
    inner join last_month on topic_trend.month between last_month.month - interval 1 month and last_month.month
    where topic_trend.kind = 'subject'
    group by topic_trend.topic_key, topic_trend.topic
)

select
    topic,
    articles,
    round(100 * share_before, 1) as percent_before,
    round(100 * share, 1) as percent
from compared
where share > share_before
order by share - share_before desc, topic, topic_key;
