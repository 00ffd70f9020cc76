-- The deliveries of the revisions in `moved`, which have another article now.
-- Creates `gone`, empty: no revision was removed.
create or replace temp table gone (
    article_key bigint,
    article_id bigint
);

select
    fact_article.dump_key,
    count(*) as revisions
from news.fact_article
semi join moved on moved.article_key = fact_article.article_key
semi join ops.dump_status on dump_status.dump_key = fact_article.dump_key and dump_status.state = 'loaded'
group by fact_article.dump_key
order by fact_article.dump_key;
