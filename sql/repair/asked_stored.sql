-- The articles that are stored with the id that is requested for takedown, whether it identifies them or not.
select distinct article_id
from news.fact_article
where native_id = $value
order by article_id;
