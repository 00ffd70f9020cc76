create table if not exists news.dim_topic (
    topic_key integer not null,
    scheme varchar not null,
    topic_code varchar not null,
    topic_name varchar not null
);

comment on table news.dim_topic is 'One row per label that dumps give to articles. Key: topic_key. Key: scheme, topic_code.';
comment on column news.dim_topic.topic_key is 'Surrogate key; 0 stands for an unknown topic';
comment on column news.dim_topic.scheme is 'Vocabulary the topic comes from, such as tag, collection or subject';
comment on column news.dim_topic.topic_code is 'Code in the vocabulary; the name if the vocabulary has no codes';
comment on column news.dim_topic.topic_name is 'Name as last stated; the code if there is no name';

insert into news.dim_topic (topic_key, scheme, topic_code, topic_name)
select 0, 'unknown', 'unknown', 'unknown'
where not exists (select 1 from news.dim_topic where topic_key = 0);

insert into news.dim_topic
with
labels as (
    select
        ordinal,
        unnest(topics, recursive := true)
    from incoming
    where outcome in ('inserted', 'revised')
),

new_topics as (
    select
        scheme,
        code as topic_code,
        arg_max(name, ordinal) as topic_name
    from labels
    group by scheme, code
),

highest as (
    select max(topic_key) as topic_key from news.dim_topic
)

select
    highest.topic_key + row_number() over (order by new_topics.scheme, new_topics.topic_code) as topic_key,
    new_topics.scheme,
    new_topics.topic_code,
    new_topics.topic_name
from new_topics
cross join highest
anti join news.dim_topic as known
    on known.scheme = new_topics.scheme and known.topic_code = new_topics.topic_code;
