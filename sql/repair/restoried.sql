-- The articles in `restoried` that have a revision left, as if they came in now: sql/fact/article_story.sql finds their story.
delete from news.article_story
where article_id in (select article_id from restoried);

create or replace temp table incoming as
select
    fact_article.article_id,
    fact_article.body_hash,
    row_number() over (order by fact_article.loaded_at, fact_article.article_key) as ordinal,
    'inserted' as outcome
from news.fact_article
semi join restoried on restoried.article_id = fact_article.article_id
qualify
    row_number() over (
        partition by fact_article.article_id
        order by fact_article.loaded_at, fact_article.article_key
    ) = 1;
