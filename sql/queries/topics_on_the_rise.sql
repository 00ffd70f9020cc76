-- Which topics had a larger share of the last month than of the month before?
with
compared as (
    select
        topic,
        month,
        articles,
        share,
        lag(share) over (partition by topic_key order by month) as share_before
    from mart.topic_trend
),

last_month as (
    select max(month) as month
    from mart.topic_trend
)

select
    compared.topic,
    compared.articles,
    round(100 * compared.share_before, 1) as percent_before,
    round(100 * compared.share, 1) as percent
from compared
inner join last_month on last_month.month = compared.month
where compared.share > compared.share_before
order by compared.share - compared.share_before desc, compared.topic
limit 20;
