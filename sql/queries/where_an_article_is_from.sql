-- Which file does an article come from, and where in the file is it?
select
    fact_article.native_id,
    dump.path,
    fact_article.position,
    dump.format,
    fact_article.loaded_at
from news.fact_article
inner join ops.dump on dump.dump_key = fact_article.dump_key
where fact_article.native_id = /* native_id */ 'VA-0001'
order by fact_article.article_id, fact_article.revision;
