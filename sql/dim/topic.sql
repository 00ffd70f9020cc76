-- after: news.dim_topic
create or replace view news.topic as
select
    same_as_key as topic_key,
    any_value(kind) as kind,
    -- Some vocabularies are printed in capitals throughout.
    coalesce(min(topic_name) filter (topic_name <> upper(topic_name)), min(topic_name)) as name
from news.dim_topic
group by same_as_key;

comment on view news.topic is 'One row per topic: labels of the same kind and name are one. Key: topic_key.';
comment on column news.topic.topic_key is 'Topic; same_as_key of its labels in news.dim_topic';
comment on column news.topic.kind is 'What the topic is: subject, person, place, organisation, event, form (such as a genre), slug, collection or code';
comment on column news.topic.name is 'Name; of several spellings, one that is not all capitals, and of these the first in the alphabet';
