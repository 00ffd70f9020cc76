-- Who was first with a story (here number 10), who followed, and how many hours later?
select
    syndication.publication,
    syndication.is_first,
    syndication.published_date,
    round(syndication.hours_after_first, 1) as hours_after_first,
    article.headline
from mart.syndication
inner join mart.article on article.article_id = syndication.first_article_id
where syndication.story_key = /* story_key */ 10
order by syndication.days_after_first, syndication.hours_after_first nulls last, syndication.publication;
