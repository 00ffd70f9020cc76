-- Keys of `forgotten` articles, and keys that only the removed delivery contained ($dump_key; none if it is null).
-- From now on each identifies the article whose revision was the first of the remaining ones to have it. An address that
-- was found to be shared (article 0) stays that.
create or replace temp table freed as
select
    kind,
    value
from ops.article_alias
where
    article_id > 0
    and (dump_key = $dump_key or article_id in (select article_id from forgotten));

delete from ops.article_alias
where exists (select 1 from freed where freed.kind = article_alias.kind and freed.value = article_alias.value);

insert into ops.article_alias (kind, value, article_id, dump_key)
with
by_content as (
    select freed.kind, freed.value, fact_article.article_id, fact_article.dump_key, fact_article.article_key
    from freed
    inner join news.fact_article on fact_article.content_key = freed.value
    where freed.kind = 'content'
),

by_url as (
    select freed.kind, freed.value, fact_article.article_id, fact_article.dump_key, fact_article.article_key
    from freed
    inner join news.fact_article on fact_article.url = freed.value
    where freed.kind = 'url' and fact_article.identity_basis <> 'content'
),

by_id as (
    select freed.kind, freed.value, fact_article.article_id, fact_article.dump_key, fact_article.article_key
    from freed
    inner join news.fact_article on fact_article.native_id = freed.value
    where
        fact_article.identity_basis = 'native_id'
        and freed.kind in ('native_id', 'native_id:' || fact_article.source)
),

backed as (
    select kind, value, article_id, dump_key, article_key
    from by_content

    union all

    select kind, value, article_id, dump_key, article_key
    from by_url

    union all

    select kind, value, article_id, dump_key, article_key
    from by_id
)

select
    kind,
    value,
    arg_min(article_id, article_key) as article_id,
    arg_min(dump_key, article_key) as dump_key
from backed
group by kind, value
order by kind, value;
