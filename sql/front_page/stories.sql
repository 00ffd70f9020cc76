-- The stories that most publications carried, among those that began in the last $days days of the archive.
with
newest as (
    select max(first_published_at) as day from news.dim_story
),

top as (
    select
        dim_story.story_key,
        dim_story.first_published_at,
        dim_story.article_count,
        dim_story.publication_count
    from news.dim_story
    cross join newest
    where dim_story.publication_count > 1 and dim_story.first_published_at > newest.day - to_days($days::integer)
    order by dim_story.publication_count desc, dim_story.article_count desc, dim_story.story_key desc
    limit $stories
),

member as (
    select
        top.story_key,
        fact_article.article_key,
        dim_publication.publication_key,
        dim_publication.publication_name,
        coalesce(fact_article.published_at, dim_date.date::timestamp) as published_at
    from top
    inner join news.article_story on article_story.story_key = top.story_key
    inner join news.fact_article on fact_article.article_id = article_story.article_id
    inner join news.dim_publication on dim_publication.publication_key = fact_article.publication_key
    inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
    where fact_article.is_current and fact_article.status <> 'canceled'
),

carried as (
    select
        story_key,
        arg_min(article_key, (coalesce(published_at, 'infinity'), article_key)) as first_article_key,
        list(publication_name order by published_at nulls last, article_key)
            filter (publication_key <> 0) as publications
    from member
    group by story_key
)

select
    top.story_key,
    top.first_published_at,
    top.article_count,
    top.publication_count,
    article_text.headline,
    list_distinct(carried.publications) as publications
from top
inner join carried on carried.story_key = top.story_key
inner join news.article_text on article_text.article_key = carried.first_article_key
order by top.publication_count desc, top.article_count desc, top.story_key desc;
