-- Ids and addresses under which one batch brings a text that is not stored under them, beside stored ones or others of
-- its own: not where an order is stated, by versions or, for an id that is more than an address, by dates of change. Of
-- one that is known as shared, only while few texts have it. An article that shares neither id nor address contests none:
-- they are compared by their hashes, so that who shares one by chance is only looked at in vain.
create or replace temp table claim as
with
keys as (
    select hash('url', url) as key
    from arriving
    where url is not null

    union all

    select hash(native_kind, native_id) as key
    from arriving
    where native_kind is not null
),

shared_keys as (
    select key
    from keys
    group by key
    having count(*) > 1

    union all

    select hash(kind, value) as key
    from known_alias
    where kind <> 'content'
),

claims as (
    select
        ordinal,
        dump_key,
        'url' as kind,
        url as value,
        version_number,
        false as is_dated_id,
        content_hash
    from arriving
    where url is not null

    union all

    select
        ordinal,
        dump_key,
        native_kind as kind,
        native_id as value,
        version_number,
        is_dated and not regexp_matches(native_id, $address) as is_dated_id,
        content_hash
    from arriving
    where native_kind is not null
)

select
    claims.ordinal,
    claims.dump_key,
    claims.kind,
    claims.value,
    claims.version_number,
    claims.is_dated_id,
    claims.content_hash
from claims
semi join shared_keys on shared_keys.key = hash(claims.kind, claims.value);

create or replace temp table stored_claim as
with
asked as (
    select
        known_alias.kind,
        known_alias.value,
        known_alias.article_id
    from known_alias
    where
        known_alias.kind <> 'content'
        and exists (select 1 from claim where claim.kind = known_alias.kind and claim.value = known_alias.value)
),

-- Any article may have come under a key that is known as shared.
found as (
    select
        asked.kind,
        asked.value,
        asked.article_id = 0 as is_shared,
        fact_article.article_key,
        fact_article.native_id,
        fact_article.version_number,
        fact_article.modified_at,
        fact_article.content_hash
    from asked
    inner join news.fact_article on fact_article.url = asked.value
    where asked.kind = 'url' and asked.article_id in (0, fact_article.article_id)

    union all

    select
        asked.kind,
        asked.value,
        asked.article_id = 0 as is_shared,
        fact_article.article_key,
        fact_article.native_id,
        fact_article.version_number,
        fact_article.modified_at,
        fact_article.content_hash
    from asked
    inner join news.fact_article on fact_article.native_id = asked.value
    where
        asked.kind in ('native_id', 'native_id:' || fact_article.source)
        and asked.article_id in (0, fact_article.article_id)
        and (asked.article_id = 0 or fact_article.identity_basis = 'native_id')
)

select
    kind,
    value,
    is_shared,
    article_key,
    version_number,
    modified_at is not null and kind <> 'url' and not regexp_matches(native_id, $address) as is_dated_id,
    content_hash
from found;

create or replace temp table contested as
with
several as (
    select
        kind,
        value
    from claim
    group by kind, value
    having min(content_hash) <> max(content_hash)
),

within_the_batch as (
    select
        claim.kind,
        claim.value
    from claim
    semi join several on several.kind = claim.kind and several.value = claim.value
    group by claim.kind, claim.value
    having
        not bool_and(claim.is_dated_id or claim.version_number is not null)
        or (
            not bool_or(claim.is_dated_id)
            and count(distinct claim.version_number) < count(distinct claim.content_hash)
        )
),

beside_stored as (
    select
        claim.kind,
        claim.value
    from claim
    inner join stored_claim on stored_claim.kind = claim.kind and stored_claim.value = claim.value
    group by claim.kind, claim.value, claim.content_hash
    having
        bool_and(stored_claim.content_hash <> claim.content_hash)
        and if(
            bool_or(stored_claim.is_shared),
            count(distinct stored_claim.content_hash) <= $most,
            not bool_and(
                (claim.is_dated_id and (stored_claim.is_dated_id or stored_claim.version_number is not null))
                or (stored_claim.is_dated_id and claim.version_number is not null)
                or coalesce(stored_claim.version_number <> claim.version_number, false)
            )
        )
)

select
    kind,
    value
from within_the_batch

union

select
    kind,
    value
from beside_stored;

-- Filled by alike.sql, where there are such articles.
create or replace temp table alike (
    ordinal bigint,
    content_key varchar
);

select count(*) from contested;
