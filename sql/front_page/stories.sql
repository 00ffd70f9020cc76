-- The stories carried by most publications, among those still carried by any in the last $days days of the archive.
with
newest as (
    select max(published_date) as day from mart.daily_volume
),

top as (
    select
        story.story_key,
        story.headline,
        story.first_article_id,
        story.articles,
        story.publications,
        story.first_published_at,
        story.first_published_date
    from mart.story
    cross join newest
    where story.kind = 'story' and story.publications > 1 and story.last_published_date > newest.day - $days::integer
    order by story.publications desc, story.articles desc, story.first_published_date desc nulls last, story.story_key
    limit $limit
),

carried as (
    select
        story_article.story_key,
        story_article.publication,
        min(story_article.place) as place
    from mart.story_article
    semi join top on top.story_key = story_article.story_key
    where story_article.publication_key <> 0
    group by story_article.story_key, story_article.publication
),

carriers as (
    select
        story_key,
        list(publication order by place) as carried_by
    from carried
    group by story_key
)

select
    top.headline,
    fact_article.url,
    fact_article.status,
    top.articles,
    top.publications,
    top.first_published_at,
    top.first_published_date,
    carriers.carried_by
from top
inner join carriers on carriers.story_key = top.story_key
inner join news.fact_article on fact_article.article_id = top.first_article_id and fact_article.is_current
order by top.publications desc, top.articles desc, top.first_published_date desc nulls last, top.story_key;
