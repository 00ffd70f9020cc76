-- The texts of all revisions of the articles in `asked_article`, to be searched for in Broadsheet's files.
select
    fact_article.article_id,
    dump.path,
    fact_article.url,
    fact_article.native_id,
    article_text.headline,
    article_text.deck,
    article_text.byline,
    article_text.body
from news.fact_article
semi join asked_article on asked_article.article_id = fact_article.article_id
inner join news.article_text on article_text.article_key = fact_article.article_key
inner join ops.dump on dump.dump_key = fact_article.dump_key
order by fact_article.article_key;
