-- Pairs of articles under one contested id or address that may be different ones: not if both state their order or, under
-- an address, the same id, nor if one is withdrawn. Of a key that very many share, some are as good as all.
with
candidates as (
    select
        claim.kind,
        claim.value,
        claim.ordinal as place,
        true as is_new,
        article.native_kind is not null as has_id,
        article.native_id,
        article.version_number is not null as is_versioned,
        article.modified_at is not null as is_dated,
        article.is_partial,
        article.status,
        article.content_hash,
        article.headline,
        article.body
    from claim
    semi join contested on contested.kind = claim.kind and contested.value = claim.value
    inner join read_parquet($articles_path) as article on article.ordinal = claim.ordinal

    union all

    select
        contested.kind,
        contested.value,
        fact_article.article_key as place,
        false as is_new,
        fact_article.identity_basis = 'native_id' as has_id,
        fact_article.native_id,
        fact_article.version_number is not null as is_versioned,
        fact_article.modified_at is not null as is_dated,
        fact_article.is_partial,
        fact_article.status,
        fact_article.content_hash,
        article_text.headline,
        article_text.body
    from contested
    inner join known_alias on known_alias.kind = contested.kind and known_alias.value = contested.value
    inner join news.fact_article
        on fact_article.article_id = known_alias.article_id
        and (
            (contested.kind = 'url' and fact_article.url = contested.value)
            or (
                contested.kind in ('native_id', 'native_id:' || fact_article.source)
                and fact_article.native_id = contested.value
                and fact_article.identity_basis = 'native_id'
            )
        )
    inner join news.article_text on article_text.article_key = fact_article.article_key
),

compared as (
    select
        kind,
        value,
        place,
        is_new,
        if(has_id and not regexp_matches(native_id, $address), native_id, null) as own_id,
        is_versioned,
        is_dated,
        is_partial,
        content_hash,
        headline,
        body
    from candidates
    where status not in ('canceled', 'withheld')
    qualify row_number() over (partition by kind, value, is_new order by content_hash, place) <= $most
)

select
    one.kind,
    one.value,
    one.headline as one_headline,
    other.headline as other_headline,
    one.body as one_body,
    other.body as other_body,
    one.is_partial is distinct from other.is_partial as is_partial,
    one.kind <> 'url' and one.own_id is not null as have_id
from compared as one
inner join compared as other
    on other.kind = one.kind
    and other.value = one.value
    and other.content_hash <> one.content_hash
    and (not other.is_new or other.place > one.place)
    and not (other.is_versioned and one.is_versioned)
    and (
        other.own_id is distinct from one.own_id
        or one.own_id is null
        or (
            one.kind <> 'url'
            and not ((other.is_versioned or other.is_dated) and (one.is_versioned or one.is_dated))
        )
    )
where one.is_new;
