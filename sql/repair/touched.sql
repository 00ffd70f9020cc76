-- What a repair has touched, to be verified: the revisions of its articles, and those that it took out.
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
