-- Who was first with the most widely carried story, who followed, and how many hours later?
with
widest as (
    select story_key
    from mart.story
    where kind = 'story'
    order by publications desc, articles desc, story_key
    limit 1
)

select
    syndication.publication,
    syndication.is_first,
    syndication.published_date,
    syndication.hours_after_first,
    article.headline
from mart.syndication
inner join widest on widest.story_key = syndication.story_key
inner join mart.article on article.article_id = syndication.first_article_id
order by syndication.days_after_first, syndication.hours_after_first nulls last, syndication.publication;
