-- `moved_article`: article_key, published_local.
update news.fact_article
set published_local = moved_article.published_local
from moved_article
where moved_article.article_key = fact_article.article_key;
