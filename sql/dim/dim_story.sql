-- after: news.fact_article, news.article_story
create table if not exists news.dim_story (
    story_key bigint not null,
    first_published_at timestamp,
    article_count integer not null,
    publication_count integer not null
);

comment on table news.dim_story is 'One row per story: articles whose bodies are nearly the same as its longest one. Key: story_key.';
comment on column news.dim_story.story_key is 'Lowest article_id of its articles; 0 stands for an unknown story. It changes where stories become one (the lower stays) and where that article leaves';
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
select
    story_key,
    min(published_at) as first_published_at,
    count(*) as article_count,
    count(distinct nullif(publication_key, 0)) as publication_count
from story_member
group by story_key
order by story_key;
