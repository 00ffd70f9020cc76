-- after: news.fact_article
create table if not exists news.article_story (
    article_id bigint not null,
    story_key bigint not null
);

comment on table news.article_story is 'The story of every article. Key: article_id.';
comment on column news.article_story.article_id is 'The article, stable over its revisions';
comment on column news.article_story.story_key is 'The story it belongs to, for good; see news.dim_story';

create or replace temp table new_story as
with
new_articles as (
    select
        article_id,
        body_hash,
        ordinal
    from incoming
    where outcome = 'inserted'
),

known_texts as (
    select
        fact_article.body_hash,
        min(article_story.story_key) as story_key
    from news.fact_article
    semi join new_articles on new_articles.body_hash = fact_article.body_hash
    inner join news.article_story on article_story.article_id = fact_article.article_id
    group by fact_article.body_hash
),

new_texts as (
    select
        coalesce(new_articles.body_hash, new_articles.article_id::varchar) as text,
        row_number() over (order by min(new_articles.ordinal)) as story_number
    from new_articles
    anti join known_texts on known_texts.body_hash = new_articles.body_hash
    group by text
),

highest as (
    select coalesce(max(story_key), 0) as story_key from news.article_story
)

select
    new_articles.article_id,
    coalesce(known_texts.story_key, highest.story_key + new_texts.story_number) as story_key
from new_articles
left join known_texts on known_texts.body_hash = new_articles.body_hash
left join new_texts on new_texts.text = coalesce(new_articles.body_hash, new_articles.article_id::varchar)
cross join highest;

insert into news.article_story
select
    article_id,
    story_key
from new_story
order by article_id;

-- derived: the stories to be counted again
create or replace temp table touched_story as
select distinct article_story.story_key
from news.article_story
semi join touched_article on touched_article.article_id = article_story.article_id;
