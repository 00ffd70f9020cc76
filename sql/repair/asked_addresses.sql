-- The addresses under which the articles in `asked_article` are known.
select distinct article_alias.value as url
from ops.article_alias
semi join asked_article on asked_article.article_id = article_alias.article_id
where article_alias.kind = 'url'
order by url;
