-- What does Mara Lindqvist write about?
with
articles as (
    select
        article_id,
        topics
    from mart.article
    where list_contains(authors, 'Mara Lindqvist')
),

labels as (
    select
        article_id,
        unnest(topics) as topic
    from articles
)

select
    topic,
    count(*) as articles
from labels
group by topic
order by articles desc, topic
limit 20;
