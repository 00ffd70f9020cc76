-- The articles in `touched_article` that have no revision left.
create or replace temp table forgotten as
select touched_article.article_id
from touched_article
anti join news.fact_article on fact_article.article_id = touched_article.article_id;
