-- Which paper writes most about trams, relative to everything it publishes?
with
on_topic as (
    select
        publication_key,
        sum(articles)::bigint as articles
    from mart.topic_output
    where kind = 'subject' and topic = 'trams'
    group by publication_key
)

select
    publication_profile.publication,
    on_topic.articles,
    round(100 * on_topic.articles / publication_profile.articles, 1) as percent
from on_topic
inner join mart.publication_profile on publication_profile.publication_key = on_topic.publication_key
order by percent desc, publication_profile.publication;
