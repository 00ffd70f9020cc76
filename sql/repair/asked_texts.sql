-- The texts of all revisions of the articles in `asked_article`, to be searched for in Broadsheet's files; without the
-- addresses that other articles have too, as address or as id.
with
shared as (
    select distinct value
    from ops.article_alias
    where article_id = 0
)

select
    fact_article.article_id,
    dump.path,
    if(shared.value is null, fact_article.url, null) as url,
    article_text.headline,
    article_text.deck,
    article_text.byline,
    article_text.body
from news.fact_article
semi join asked_article on asked_article.article_id = fact_article.article_id
inner join news.article_text on article_text.article_key = fact_article.article_key
inner join ops.dump on dump.dump_key = fact_article.dump_key
left join shared on shared.value = fact_article.url
order by fact_article.article_key;
