create table if not exists news.bridge_article_topic (
    article_key bigint not null,
    topic_key integer not null
);

comment on table news.bridge_article_topic is 'The labels of every revision. Key: article_key, topic_key.';
comment on column news.bridge_article_topic.article_key is 'The revision; see news.fact_article';
comment on column news.bridge_article_topic.topic_key is 'The label; see news.dim_topic';

insert into news.bridge_article_topic
with
labels as (
    select
        article_key,
        unnest(topics, recursive := true)
    from incoming
    where outcome in ('inserted', 'revised')
)

select distinct
    labels.article_key,
    dim_topic.topic_key
from labels
inner join news.dim_topic on dim_topic.scheme = labels.scheme and dim_topic.topic_code = labels.code
order by labels.article_key, dim_topic.topic_key;
