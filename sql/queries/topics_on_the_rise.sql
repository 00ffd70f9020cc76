-- Which subjects had a larger share of the last month than of the month before?
with
last_month as (
    select max(month) as month
    from mart.topic_trend
),

before as (
    select
        topic_trend.topic_key,
        topic_trend.share
    from mart.topic_trend
    inner join last_month on topic_trend.month = last_month.month - interval 1 month
)

select
    topic_trend.topic,
    topic_trend.articles,
    round(100 * coalesce(before.share, 0), 1) as percent_before,
    round(100 * topic_trend.share, 1) as percent
from mart.topic_trend
inner join last_month on last_month.month = topic_trend.month
left join before on before.topic_key = topic_trend.topic_key
where topic_trend.kind = 'subject' and topic_trend.share > coalesce(before.share, 0)
order by topic_trend.share - coalesce(before.share, 0) desc, topic_trend.topic
limit 20;
