-- Every article, for marts that are counted anew from what is stored.
create or replace temp table touched_article as
select distinct
    article_id,
    false as is_renumbered
from news.fact_article;
