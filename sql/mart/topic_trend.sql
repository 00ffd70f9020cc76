-- after: mart.topic_output, mart.daily_volume
create or replace view mart.topic_trend as
with
months as (
    select
        published_date_key // 100 as month_key,
        sum(articles)::bigint as articles
    from mart.daily_volume
    group by month_key
),

topics as (
    select
        topic_key,
        scheme,
        topic,
        month_key,
        month,
        sum(articles)::bigint as articles,
        count(*) filter (publication_key <> 0) as publications
    from mart.topic_output
    where month_key <> 0
    group by topic_key, scheme, topic, month_key, month
)

select
    topics.topic_key,
    topics.scheme,
    topics.topic,
    topics.month_key,
    topics.month,
    topics.articles,
    topics.publications,
    months.articles as month_articles,
    topics.articles / months.articles as share
from topics
inner join months on months.month_key = topics.month_key;

comment on view mart.topic_trend is 'One row per topic and month: how much was written on it. Undated and canceled articles do not count. Key: topic_key, month_key.';
comment on column mart.topic_trend.topic_key is 'Topic';
comment on column mart.topic_trend.scheme is 'Vocabulary that the topic is from, such as tag, collection or subject';
comment on column mart.topic_trend.topic is 'Name of the topic';
comment on column mart.topic_trend.month_key is 'Month of the date as printed, as yyyymm';
comment on column mart.topic_trend.month is 'First day of that month';
comment on column mart.topic_trend.articles is 'Articles on the topic';
comment on column mart.topic_trend.publications is 'Known publications that had one';
comment on column mart.topic_trend.month_articles is 'All articles of that month, on whatever topic';
comment on column mart.topic_trend.share is 'Share of the articles of that month that are on the topic, 0 to 1';
