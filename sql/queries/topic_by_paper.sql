-- Which paper writes most about trams, relative to everything it publishes?
with
on_topic as (
    select
        publication_key,
        sum(articles)::bigint as articles
    from mart.topic_output
    where kind = 'subject' and topic = /* topic */ 'trams'
    group by publication_key
)

select
    publication_profile.publication,
    coalesce(on_topic.articles, 0) as on_topic,
    publication_profile.articles,
    round(100 * coalesce(on_topic.articles, 0) / publication_profile.articles, 1) as percent
from mart.publication_profile
left join on_topic on on_topic.publication_key = publication_profile.publication_key
order by percent desc, publication_profile.publication;
