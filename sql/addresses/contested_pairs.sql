-- Pairs of articles under one contested address that may be different ones: not if both state a version or the same id,
-- nor if one is withdrawn. Of an address that very many share, some are as good as all.
with
candidates as (
    select
        arriving.url,
        arriving.ordinal as place,
        true as is_new,
        article.native_kind is not null as has_id,
        article.native_id,
        article.version_number is not null as is_versioned,
        article.is_partial,
        article.status,
        article.content_hash,
        article.headline,
        article.body
    from arriving
    semi join contested on contested.url = arriving.url
    inner join read_parquet($articles_path) as article on article.ordinal = arriving.ordinal

    union all

    select
        fact_article.url,
        fact_article.article_key as place,
        false as is_new,
        fact_article.identity_basis = 'native_id' as has_id,
        fact_article.native_id,
        fact_article.version_number is not null as is_versioned,
        fact_article.is_partial,
        fact_article.status,
        fact_article.content_hash,
        article_text.headline,
        article_text.body
    from contested
    inner join known_alias on known_alias.kind = 'url' and known_alias.value = contested.url
    inner join news.fact_article
        on fact_article.article_id = known_alias.article_id and fact_article.url = contested.url
    inner join news.article_text on article_text.article_key = fact_article.article_key
),

compared as (
    select
        url,
        place,
        is_new,
        has_id,
        native_id,
        is_versioned,
        is_partial,
        content_hash,
        headline,
        body
    from candidates
    where status not in ('canceled', 'withheld')
    qualify row_number() over (partition by url, is_new order by content_hash, place) <= $most
)

select
    one.url,
    one.headline as one_headline,
    other.headline as other_headline,
    one.body as one_body,
    other.body as other_body,
    one.is_partial is distinct from other.is_partial as is_partial,
    false as have_id
from compared as one
inner join compared as other
    on other.url = one.url
    and other.content_hash <> one.content_hash
    and (not other.is_new or other.place > one.place)
    and not (other.is_versioned and one.is_versioned)
    and not (other.has_id and one.has_id and other.native_id = one.native_id)
where one.is_new;
