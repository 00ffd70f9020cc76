-- after: news.fact_article, news.article_text, ops.story_text
create table if not exists news.article_story (
    article_id bigint not null,
    text_key bigint not null,
    story_key bigint not null,
    is_first boolean not null,
    shared_share double not null
);

comment on table news.article_story is 'The story that each article belongs to, found from the body of its current revision. Key: article_id.';
comment on column news.article_story.article_id is 'The article; the same for all its revisions';
comment on column news.article_story.text_key is 'Shared by articles with the same body; 0 if there is no body; see ops.story_text';
comment on column news.article_story.story_key is 'Shared by articles whose bodies are nearly the same; see news.dim_story';
comment on column news.article_story.is_first is 'Whether the article was the first of its story to be published; of several at the same time, the longest';
comment on column news.article_story.shared_share is 'Share of its body that is also in the first article of the story, 0 to 1, accurate to a few hundredths; 1 if the body is the same or a part of it';

-- derived: etl/warehouse/stories.py has rebuilt, in story_member, every story that the batch has touched
insert into touched_article
select
    article_id,
    false as is_renumbered
from story_member
anti join touched_article on touched_article.article_id = story_member.article_id;

-- derived
create or replace temp table touched_story as
select article_story.story_key
from news.article_story
semi join touched_article on touched_article.article_id = article_story.article_id

union

select story_key from story_member;

-- derived
delete from news.article_story
where article_id in (select article_id from touched_article);

-- derived
insert into news.article_story
select
    article_id,
    text_key,
    story_key,
    is_first,
    shared_share
from story_member
order by article_id;
