-- after: mart.topic_count, mart.daily_count
create or replace view mart.topic_trend as
with
months as (
    select
        published_date_key // 100 as month_key,
        sum(articles)::bigint as articles
    from mart.daily_count
    group by month_key
),

topics as (
    select
        topic_key,
        month_key,
        sum(articles)::bigint as articles,
        count(*) filter (publication_key <> 0) as publications
    from mart.topic_count
    where month_key <> 0
    group by topic_key, month_key
)

select
    topics.topic_key,
    dim_topic.scheme,
    dim_topic.topic_name as topic,
    topics.month_key,
    strptime(topics.month_key::varchar, '%Y%m')::date as month,
    topics.articles,
    topics.publications,
    months.articles as month_articles,
    topics.articles / months.articles as share
from topics
inner join news.dim_topic on dim_topic.topic_key = topics.topic_key
inner join months on months.month_key = topics.month_key;

comment on view mart.topic_trend is 'One row per topic and month: how much was written about it. Undated and canceled articles do not count. Key: topic_key, month_key.';
comment on column mart.topic_trend.topic_key is 'Topic';
comment on column mart.topic_trend.scheme is 'Vocabulary the topic comes from, such as tag, collection or subject';
comment on column mart.topic_trend.topic is 'Name as last stated; the code if there is no name';
comment on column mart.topic_trend.month_key is 'Month of the date as printed, as yyyymm';
comment on column mart.topic_trend.month is 'First day of that month';
comment on column mart.topic_trend.articles is 'Articles with this label';
comment on column mart.topic_trend.publications is 'Known publications with at least one of these articles';
comment on column mart.topic_trend.month_articles is 'All articles of that month, whatever their topic';
comment on column mart.topic_trend.share is 'Share of the articles of that month that have this label, 0 to 1';
