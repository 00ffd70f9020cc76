-- The texts of one article that came under one id or address, where there are several: they may be different articles.
-- Of a key that very many have, some are as good as all.
with
revised as (
    select article_id
    from news.fact_article
    group by article_id
    having count(*) > 1
),

revisions as (
    select
        fact_article.article_id,
        fact_article.article_key,
        fact_article.url,
        fact_article.source,
        fact_article.identity_basis,
        fact_article.native_id,
        fact_article.content_hash
    from news.fact_article
    semi join revised on revised.article_id = fact_article.article_id
    where fact_article.identity_basis <> 'content'
),

claimed as (
    select
        'url' as kind,
        url as value,
        article_id,
        article_key,
        content_hash
    from revisions
    where url is not null

    union all

    select
        ids.kind,
        ids.value,
        revisions.article_id,
        revisions.article_key,
        revisions.content_hash
    from revisions
    inner join ops.article_alias as ids
        on ids.article_id = revisions.article_id
        and ids.value = revisions.native_id
        and ids.kind in ('native_id', 'native_id:' || revisions.source)
    where revisions.identity_basis = 'native_id'
),

chosen as (
    select
        kind,
        value,
        article_id,
        article_key
    from claimed
    qualify
        count(*) over (partition by article_id, kind, value) > 1
        and row_number() over (partition by article_id, kind, value order by content_hash, article_key) <= $most
)

select
    dense_rank() over (order by chosen.article_id, chosen.kind, chosen.value) as number,
    false as is_shared,
    chosen.kind,
    chosen.value,
    false as is_new,
    chosen.article_key as place,
    chosen.article_id,
    fact_article.dump_key,
    dim_publication.publication_name,
    if(
        fact_article.identity_basis = 'native_id' and not regexp_matches(fact_article.native_id, $address),
        fact_article.native_id,
        null
    ) as own_id,
    fact_article.version_number,
    fact_article.modified_at is not null as is_dated,
    dim_date.date as published_date,
    fact_article.is_partial,
    fact_article.status in ('canceled', 'withheld') as is_withdrawn,
    fact_article.content_hash,
    coalesce(fact_article.content_key, fact_article.content_hash) as content_key,
    article_text.headline,
    article_text.body
from chosen
inner join news.fact_article on fact_article.article_key = chosen.article_key
inner join news.article_text on article_text.article_key = chosen.article_key
left join news.dim_publication
    on dim_publication.publication_key = fact_article.publication_key and dim_publication.publication_key > 0
left join news.dim_date on dim_date.date_key = fact_article.published_date_key
order by number, place;
