-- after: mart.topic_count
create or replace view mart.topic_output as
select
    topic_count.topic_key,
    topic.kind,
    topic.name as topic,
    topic_count.publication_key,
    dim_publication.publication_name as publication,
    topic_count.month_key,
    strptime(nullif(topic_count.month_key, 0)::varchar, '%Y%m')::date as month,
    topic_count.articles,
    topic_count.words
from mart.topic_count
inner join news.topic on topic.topic_key = topic_count.topic_key
inner join news.dim_publication on dim_publication.publication_key = topic_count.publication_key;

comment on view mart.topic_output is 'One row per topic, publication and month. An article on two topics counts for both; canceled articles do not count. Key: topic_key, publication_key, month_key.';
comment on column mart.topic_output.topic_key is 'Topic; same_as_key in news.dim_topic';
comment on column mart.topic_output.kind is 'What the topic is: subject, person, place, organisation, event, form (such as a genre), slug, collection or code';
comment on column mart.topic_output.topic is 'Name; of several spellings, the one in news.topic';
comment on column mart.topic_output.publication_key is 'Publication; 0 is unknown';
comment on column mart.topic_output.publication is 'Name of the publication';
comment on column mart.topic_output.month_key is 'Month of the date as printed, as yyyymm; 0 is unknown';
comment on column mart.topic_output.month is 'First day of that month; empty if unknown';
comment on column mart.topic_output.articles is 'Articles on this topic';
comment on column mart.topic_output.words is 'Words in the bodies of these articles';
