-- after: mart.story_article
create or replace view mart.story as
with
carried as (
    select
        story_key,
        count(*) as articles,
        count(distinct nullif(publication_key, 0)) as publications,
        max(published_date) as last_published_date
    from mart.story_article
    group by story_key
)

select
    story_article.story_key,
    story_article.kind,
    article_text.headline,
    carried.articles,
    carried.publications,
    story_article.article_id as first_article_id,
    story_article.publication as first_publication,
    story_article.published_at as first_published_at,
    story_article.published_date as first_published_date,
    carried.last_published_date
from mart.story_article
inner join carried on carried.story_key = story_article.story_key
inner join news.fact_article on fact_article.article_id = story_article.article_id and fact_article.is_current
inner join news.article_text on article_text.article_key = fact_article.article_key
where story_article.place = 1;

comment on view mart.story is 'One row per story that at least two articles carry. Its first article is the one with place 1 in mart.story_article. Key: story_key.';
comment on column mart.story.story_key is 'The story';
comment on column mart.story.kind is 'story, or series for what recurs, such as tables and notices; news.dim_story says by which rule';
comment on column mart.story.headline is 'Headline of its first article';
comment on column mart.story.articles is 'Articles that carry it';
comment on column mart.story.publications is 'Known publications that carried it';
comment on column mart.story.first_article_id is 'Its first article; article_id in mart.article';
comment on column mart.story.first_publication is 'Publication of the first article; where dates do not show who was first, mart.syndication leaves it empty';
comment on column mart.story.first_published_at is 'When the first article was published, UTC; empty if no time was printed';
comment on column mart.story.first_published_date is 'Date of the first article, as printed; empty if unknown';
comment on column mart.story.last_published_date is 'Date of the last article that carries it, as printed; empty if none is dated';
