-- Which ten stories were carried by the most papers between two days?
with
carried as (
    select
        story_key,
        count(distinct nullif(publication_key, 0)) as publications,
        count(*) as articles
    from mart.story_article
    where
        kind = 'story'
        and published_date between /* from_date */ date '2026-03-01' and /* to_date */ date '2026-03-31'
    group by story_key
)

select
    story.story_key,
    story.headline,
    story.first_publication,
    story.first_published_date,
    carried.publications,
    carried.articles
from carried
inner join mart.story on story.story_key = carried.story_key
order by carried.publications desc, carried.articles desc, story.story_key
limit 10;
