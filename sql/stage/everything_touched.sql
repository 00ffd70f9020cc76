-- Every article and every story, for marts that are recounted from the stored rows.
create or replace temp table touched_article as
select distinct
    article_id,
    false as is_renumbered
from news.fact_article;

create or replace temp table touched_story as
select distinct story_key
from news.article_story;
