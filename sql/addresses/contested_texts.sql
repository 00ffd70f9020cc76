-- The texts under each contested id or address, stored and new; of a key that very many share, some are as good as all.
with
chosen as (
    select
        claim.kind,
        claim.value,
        true as is_new,
        claim.ordinal as place
    from claim
    semi join contested on contested.kind = claim.kind and contested.value = claim.value
    qualify
        row_number() over (partition by claim.kind, claim.value order by claim.content_hash, claim.ordinal) <= $most

    union all

    select
        stored_claim.kind,
        stored_claim.value,
        false as is_new,
        stored_claim.article_key as place
    from stored_claim
    semi join contested on contested.kind = stored_claim.kind and contested.value = stored_claim.value
    qualify
        row_number() over (
            partition by stored_claim.kind, stored_claim.value
            order by stored_claim.content_hash, stored_claim.article_key
        ) <= $most
),

texts as (
    select
        chosen.kind,
        chosen.value,
        chosen.is_new,
        chosen.place,
        0 as article_id,
        incoming_dump.dump_key,
        article.publication_name,
        article.native_id,
        article.native_kind is not null as has_id,
        article.version_number,
        article.modified_at,
        article.published_date,
        article.is_partial,
        article.status,
        article.content_hash,
        article.content_key,
        article.headline,
        article.body
    from chosen
    inner join read_parquet($articles_path) as article on article.ordinal = chosen.place
    inner join incoming_dump on incoming_dump.delivery = article.delivery
    where chosen.is_new

    union all

    select
        chosen.kind,
        chosen.value,
        chosen.is_new,
        chosen.place,
        fact_article.article_id,
        fact_article.dump_key,
        dim_publication.publication_name,
        fact_article.native_id,
        fact_article.identity_basis = 'native_id' as has_id,
        fact_article.version_number,
        fact_article.modified_at,
        dim_date.date as published_date,
        fact_article.is_partial,
        fact_article.status,
        fact_article.content_hash,
        coalesce(fact_article.content_key, fact_article.content_hash) as content_key,
        article_text.headline,
        article_text.body
    from chosen
    inner join news.fact_article on fact_article.article_key = chosen.place
    inner join news.article_text on article_text.article_key = chosen.place
    left join news.dim_publication
        on dim_publication.publication_key = fact_article.publication_key and dim_publication.publication_key > 0
    left join news.dim_date on dim_date.date_key = fact_article.published_date_key
    where not chosen.is_new
)

select
    dense_rank() over (order by texts.kind, texts.value) as number,
    exists (
        select 1
        from known_alias
        where known_alias.kind = texts.kind and known_alias.value = texts.value and known_alias.article_id = 0
    ) as is_shared,
    texts.kind,
    texts.value,
    texts.is_new,
    texts.place,
    texts.article_id,
    texts.dump_key,
    texts.publication_name,
    if(texts.has_id and not regexp_matches(texts.native_id, $address), texts.native_id, null) as own_id,
    texts.version_number,
    texts.modified_at is not null as is_dated,
    texts.published_date,
    texts.is_partial,
    texts.status in ('canceled', 'withheld') as is_withdrawn,
    texts.content_hash,
    texts.content_key,
    texts.headline,
    texts.body
from texts
order by number, texts.is_new, texts.place;
