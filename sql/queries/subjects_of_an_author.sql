-- What does Mara Lindqvist write about?
with
articles as (
    select
        article_id,
        topics
    from mart.article
    where list_contains(authors, /* author */ 'Mara Lindqvist')
),

labels as (
    select
        article_id,
        unnest(list_distinct(topics)) as topic
    from articles
)

select
    topic,
    count(*) as articles
from labels
group by topic
order by articles desc, topic;
