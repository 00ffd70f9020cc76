-- Pairs of revisions of one article that came under one id or address, which may be two articles: not if both state their
-- order or, under an address, the same id, nor if one is withdrawn. Of a key that very many have, some are as good as all.
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
        fact_article.dump_key,
        fact_article.url,
        fact_article.source,
        fact_article.identity_basis,
        fact_article.native_id,
        if(
            fact_article.identity_basis = 'native_id' and not regexp_matches(fact_article.native_id, $address),
            fact_article.native_id,
            null
        ) as own_id,
        fact_article.version_number is not null as is_versioned,
        fact_article.modified_at is not null as is_dated,
        fact_article.is_partial,
        fact_article.content_hash
    from news.fact_article
    semi join revised on revised.article_id = fact_article.article_id
    where fact_article.identity_basis <> 'content' and fact_article.status not in ('canceled', 'withheld')
),

claimed as (
    select
        article_id,
        article_key,
        dump_key,
        own_id,
        is_versioned,
        is_dated,
        is_partial,
        content_hash,
        'url' as kind,
        url as value
    from revisions
    where url is not null

    union all

    select
        revisions.article_id,
        revisions.article_key,
        revisions.dump_key,
        revisions.own_id,
        revisions.is_versioned,
        revisions.is_dated,
        revisions.is_partial,
        revisions.content_hash,
        ids.kind,
        ids.value
    from revisions
    inner join ops.article_alias as ids
        on ids.article_id = revisions.article_id
        and ids.value = revisions.native_id
        and ids.kind in ('native_id', 'native_id:' || revisions.source)
    where revisions.identity_basis = 'native_id'
),

compared as (
    select
        article_id,
        article_key,
        dump_key,
        own_id,
        is_versioned,
        is_dated,
        is_partial,
        content_hash,
        kind,
        value
    from claimed
    qualify row_number() over (partition by article_id, kind, value order by content_hash, article_key) <= $most
)

select
    one.kind,
    one.value,
    one.article_id,
    greatest(one.dump_key, other.dump_key) as dump_key,
    one_text.headline as one_headline,
    other_text.headline as other_headline,
    one_text.body as one_body,
    other_text.body as other_body,
    one.is_partial is distinct from other.is_partial as is_partial,
    one.kind <> 'url' and one.own_id is not null as have_id
from compared as one
inner join compared as other
    on other.article_id = one.article_id
    and other.kind = one.kind
    and other.value = one.value
    and other.article_key > one.article_key
    and not (other.is_versioned and one.is_versioned)
    and (
        other.own_id is distinct from one.own_id
        or one.own_id is null
        or (
            one.kind <> 'url'
            and not ((other.is_versioned or other.is_dated) and (one.is_versioned or one.is_dated))
        )
    )
inner join news.article_text as one_text on one_text.article_key = one.article_key
inner join news.article_text as other_text on other_text.article_key = other.article_key;
