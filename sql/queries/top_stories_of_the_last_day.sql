-- Which ten stories of the last day were carried by the most papers?
with
of_the_last_day as (
    select distinct
        watermark.last_date as day,
        story_article.story_key
    from mart.watermark
    inner join mart.story_article on story_article.published_date = watermark.last_date
)

select
    of_the_last_day.day,
    story.story_key,
    story.headline,
    story.first_publication,
    story.publications,
    story.articles
from mart.story
inner join of_the_last_day on of_the_last_day.story_key = story.story_key
where story.kind = 'story'
order by story.publications desc, story.articles desc, story.story_key
limit 10;
