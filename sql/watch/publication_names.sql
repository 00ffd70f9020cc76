-- The names of publications, each with its host and its number of articles.
select
    dim_publication.publication_name as name,
    dim_publication.domain,
    count(fact_article.article_key) as articles
from news.dim_publication
left join news.fact_article on fact_article.publication_key = dim_publication.publication_key and fact_article.is_current
where dim_publication.publication_key <> 0
group by all
order by articles desc, name;
