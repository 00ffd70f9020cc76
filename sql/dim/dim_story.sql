-- after: news.fact_article, news.article_story
create table if not exists news.dim_story (
    story_key bigint not null,
    first_published_at timestamp,
    article_count integer not null,
    publication_count integer not null
);

comment on table news.dim_story is 'One row per story: a cluster of articles with the same text. Key: story_key.';
comment on column news.dim_story.story_key is 'Surrogate key; 0 stands for an unknown story';
comment on column news.dim_story.first_published_at is 'Earliest publication among its articles, UTC; a date without a time counts as its first moment; empty where no article is dated';
comment on column news.dim_story.article_count is 'Articles in the story';
comment on column news.dim_story.publication_count is 'Known publications that carried it';

insert into news.dim_story (story_key, article_count, publication_count)
select 0, 0, 0
where not exists (select 1 from news.dim_story where story_key = 0);

-- derived
delete from news.dim_story
where story_key in (select story_key from touched_story);

-- derived
insert into news.dim_story
with
articles as (
    select
        article_story.story_key,
        fact_article.publication_key,
        coalesce(fact_article.published_at, dim_date.date::timestamp) as published_at
    from news.article_story
    inner join news.fact_article on fact_article.article_id = article_story.article_id and fact_article.is_current
    inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
    semi join touched_story on touched_story.story_key = article_story.story_key
)

select
    story_key,
    min(published_at) as first_published_at,
    count(*) as article_count,
    count(distinct nullif(publication_key, 0)) as publication_count
from articles
group by story_key
order by story_key;
