-- How much of each paper had been told by another paper before?
with
carried as (
    select
        story_key,
        place,
        publication_key,
        first_value(publication_key) over (partition by story_key order by place) as first_publication_key
    from mart.story_article
    where publication_key <> 0 and kind = 'story'
),

seconds as (
    select
        story_key,
        min(place) filter (publication_key <> first_publication_key) as place
    from carried
    group by story_key
),

copies as (
    select
        carried.publication_key,
        count(*) as copies
    from carried
    inner join seconds on seconds.story_key = carried.story_key
    where carried.publication_key <> carried.first_publication_key or carried.place > seconds.place
    group by carried.publication_key
),

papers as (
    select
        publication_key,
        publication,
        sum(articles)::bigint as articles
    from mart.daily_volume
    group by publication_key, publication
)

select
    papers.publication,
    papers.articles,
    coalesce(copies.copies, 0) as copies,
    round(100 * coalesce(copies.copies, 0) / papers.articles, 1) as percent
from papers
left join copies on copies.publication_key = papers.publication_key
order by percent desc, papers.publication;
