-- What a repair has touched and must be verified: all revisions of its articles, and the revisions that it removed.
create or replace temp table touched as
select
    fact_article.article_key,
    fact_article.article_id
from news.fact_article
semi join touched_article on touched_article.article_id = fact_article.article_id

union

select
    article_key,
    article_id
from gone;
