-- Ids and addresses under which one batch brings a text that is not stored under them, beside stored ones or others of its
-- own: not where an order is stated, by versions or, for an id that is more than an address, by dates of change.
create or replace temp table claim as
select
    ordinal,
    dump_key,
    'url' as kind,
    url as value,
    false as is_own_id,
    is_versioned as is_ordered,
    content_hash
from arriving
where url is not null

union all

select
    ordinal,
    dump_key,
    native_kind as kind,
    native_id as value,
    not regexp_matches(native_id, $address) as is_own_id,
    is_versioned or (is_dated and is_own_id) as is_ordered,
    content_hash
from arriving
where native_kind is not null;

create or replace temp table contested as
with
within_the_batch as (
    select
        kind,
        value
    from claim
    group by kind, value
    having min(content_hash) <> max(content_hash) and not bool_and(is_ordered)
),

stored as (
    select
        claim.kind,
        claim.value
    from claim
    inner join known_alias on known_alias.kind = claim.kind and known_alias.value = claim.value
    inner join news.fact_article on fact_article.article_id = known_alias.article_id
    group by claim.kind, claim.value, claim.content_hash
    having
        bool_and(fact_article.content_hash <> claim.content_hash)
        and not bool_and(
            claim.is_ordered
            and (
                fact_article.version_number is not null or (claim.is_own_id and fact_article.modified_at is not null)
            )
        )
),

known_as_shared as (
    select
        kind,
        value
    from known_alias
    where article_id = 0
)

select
    within_the_batch.kind,
    within_the_batch.value
from within_the_batch
anti join known_as_shared
    on known_as_shared.kind = within_the_batch.kind and known_as_shared.value = within_the_batch.value

union

select
    kind,
    value
from stored;

select count(*) from contested;
