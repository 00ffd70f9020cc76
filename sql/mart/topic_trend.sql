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
    topic.kind,
    topic.name as topic,
    topics.month_key,
    strptime(topics.month_key::varchar, '%Y%m')::date as month,
    topics.articles,
    topics.publications,
    months.articles as month_articles,
    topics.articles / months.articles as share
from topics
inner join news.topic on topic.topic_key = topics.topic_key
inner join months on months.month_key = topics.month_key;

comment on view mart.topic_trend is 'One row per topic and month: how much was written about it. Undated and canceled articles do not count. Key: topic_key, month_key.';
comment on column mart.topic_trend.topic_key is 'Topic; same_as_key in news.dim_topic';
comment on column mart.topic_trend.kind is 'What the topic is: subject, person, place, organisation, event, form (such as a genre), slug, collection or code';
comment on column mart.topic_trend.topic is 'Name; of several spellings, the one in news.topic';
comment on column mart.topic_trend.month_key is 'Month of the date as printed, as yyyymm';
comment on column mart.topic_trend.month is 'First day of that month';
comment on column mart.topic_trend.articles is 'Articles on this topic';
comment on column mart.topic_trend.publications is 'Known publications with at least one of these articles';
comment on column mart.topic_trend.month_articles is 'All articles of that month, whatever their topic';
comment on column mart.topic_trend.share is 'Share of the articles of that month that are on this topic, 0 to 1';
