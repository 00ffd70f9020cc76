-- after: news.fact_article, news.article_story
create table if not exists news.dim_story (
    story_key bigint not null,
    first_published_at timestamp,
    article_count integer not null,
    publication_count integer not null
);

comment on table news.dim_story is 'One row per story: the articles whose bodies are nearly the same as the longest one. Key: story_key.';
comment on column news.dim_story.story_key is 'Lowest article_id in the story; 0 stands for an unknown story. It changes when stories merge (the lower key stays) or when that article leaves';
comment on column news.dim_story.first_published_at is 'When the first of its articles was published, UTC; a date without a time counts as 00:00; empty if no article is dated';
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
