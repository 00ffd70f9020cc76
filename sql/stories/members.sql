-- Creates `story_member`: every article of every touched story, with all columns needed for news.article_story and
-- news.dim_story except `shared_share`, which is computed later from its text and `first_text_key`.
insert into touched_leader
select distinct story_text.leader_key
from ops.story_text
semi join assigned_text on assigned_text.text_key = story_text.text_key
where story_text.text_key > 0;

create or replace temp table story_member as
with
texts as (
    select
        story_text.text_key,
        story_text.leader_key,
        story_text.shingle_count
    from ops.story_text
    semi join touched_leader on touched_leader.leader_key = story_text.leader_key
    where story_text.text_key > 0
),

articles as (
    select
        article_id,
        text_key
    from assigned_text

    union all

    select
        article_story.article_id,
        article_story.text_key
    from news.article_story
    semi join texts on texts.text_key = article_story.text_key
    anti join touched_article on touched_article.article_id = article_story.article_id
),

dated as (
    select
        articles.article_id,
        articles.text_key,
        coalesce(texts.shingle_count, 0) as shingle_count,
        coalesce(texts.leader_key, -articles.article_id) as story,
        fact_article.article_key,
        fact_article.publication_key,
        fact_article.word_count,
        coalesce(fact_article.published_at, dim_date.date::timestamp) as published_at
    from articles
    left join texts on texts.text_key = articles.text_key
    inner join news.fact_article on fact_article.article_id = articles.article_id and fact_article.is_current
    inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
)

select
    article_id,
    text_key,
    min(article_id) over (partition by story) as story_key,
    row_number() over from_first_on = 1 as is_first,
    first_value(text_key) over from_first_on as first_text_key,
    1::double as shared_share,
    article_key,
    publication_key,
    word_count,
    published_at
from dated
window from_first_on as (partition by story order by published_at nulls last, shingle_count desc, article_id);
