-- Which stories of the last day were carried by the most papers?
with
last_day as (
    select last_date as day
    from mart.watermark
)

select
    last_day.day,
    story.headline,
    story.first_publication,
    story.publications,
    story.articles
from mart.story
inner join last_day on last_day.day between story.first_published_date and story.last_published_date
where story.kind = 'story'
order by story.publications desc, story.articles desc, story.story_key
limit 10;
