create table if not exists news.dim_topic (
    topic_key integer not null,
    scheme varchar not null,
    topic_code varchar not null,
    topic_name varchar not null,
    kind varchar not null,
    same_as_key integer not null
);

comment on table news.dim_topic is 'One row per label that dumps give to articles. Key: topic_key. Key: scheme, topic_code.';
comment on column news.dim_topic.topic_key is 'Surrogate key; 0 stands for an unknown topic';
comment on column news.dim_topic.scheme is 'Vocabulary the topic comes from, such as tag, collection or subject';
comment on column news.dim_topic.topic_code is 'Code in the vocabulary; the name if the vocabulary has no codes';
comment on column news.dim_topic.topic_name is 'Name as first stated; the code if there is no name';
comment on column news.dim_topic.kind is 'What the topic is: subject, person, place, organisation, event, form (such as a genre), slug, collection or code; news.topic_scheme says which vocabularies hold what';
comment on column news.dim_topic.same_as_key is 'Lowest topic_key of the same kind and name, whatever its vocabulary and its capitals: which the marts count as one topic; a code stands for itself; see news.dim_topic';

insert into news.dim_topic
select 0, 'unknown', 'unknown', 'unknown', 'subject', 0
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

stated as (
    select
        scheme,
        code as topic_code,
        arg_max(name, ordinal) as topic_name
    from labels
    group by scheme, code
),

highest as (
    select max(topic_key) as topic_key from news.dim_topic
),

new_topics as (
    select
        highest.topic_key + row_number() over (order by stated.scheme, stated.topic_code) as topic_key,
        stated.scheme,
        stated.topic_code,
        stated.topic_name,
        coalesce(topic_scheme.kind, 'subject') as kind,
        lower(stated.topic_name) as folded_name
    from stated
    cross join highest
    left join news.topic_scheme on topic_scheme.scheme = lower(stated.scheme)
    anti join news.dim_topic as known
        on known.scheme = stated.scheme and known.topic_code = stated.topic_code
),

known_names as (
    select
        new_topics.topic_key,
        min(dim_topic.same_as_key) as same_as_key
    from news.dim_topic
    inner join new_topics
        on new_topics.kind = dim_topic.kind and new_topics.folded_name = lower(dim_topic.topic_name)
    where dim_topic.topic_key > 0 and dim_topic.kind <> 'code'
    group by new_topics.topic_key
)

select
    new_topics.topic_key,
    new_topics.scheme,
    new_topics.topic_code,
    new_topics.topic_name,
    new_topics.kind,
    if(
        new_topics.kind = 'code',
        new_topics.topic_key,
        coalesce(
            known_names.same_as_key,
            min(new_topics.topic_key) over (partition by new_topics.kind, new_topics.folded_name)
        )
    ) as same_as_key
from new_topics
left join known_names on known_names.topic_key = new_topics.topic_key
order by new_topics.topic_key;

-- of the schema: the kinds are those of news.topic_scheme in older warehouses, too
update news.dim_topic
set
    kind = found.kind,
    same_as_key = found.same_as_key
from (
    select
        kinds.topic_key,
        kinds.kind,
        if(
            kinds.kind = 'code' or kinds.topic_key = 0,
            kinds.topic_key,
            min(kinds.topic_key) filter (kinds.topic_key > 0) over (partition by kinds.kind, lower(kinds.topic_name))
        ) as same_as_key
    from (
        select
            dim_topic.topic_key,
            dim_topic.topic_name,
            coalesce(topic_scheme.kind, 'subject') as kind
        from news.dim_topic
        left join news.topic_scheme on topic_scheme.scheme = lower(dim_topic.scheme)
    ) as kinds
) as found
where
    found.topic_key = dim_topic.topic_key
    and (found.kind <> dim_topic.kind or found.same_as_key <> dim_topic.same_as_key);
