-- The keys by which the articles in `arriving` are looked up.
-- Articles of one dump that share a key, have no version and differ are not the same article: their key is dropped.
-- So is an address under which different articles came at any time.
create or replace temp table candidate as
with
shared_ids as (
    select
        dump_key,
        native_kind,
        native_id
    from arriving
    where is_unversioned and native_kind is not null
    group by dump_key, native_kind, native_id
    having min(content_hash) <> max(content_hash)
),

shared_urls as (
    select
        dump_key,
        url
    from arriving
    where is_unversioned and native_kind is null and url is not null
    group by dump_key, url
    having min(content_hash) <> max(content_hash)
),

shared_addresses as (
    select value as url
    from known_alias
    where kind = 'url' and article_id = 0
),

judged as (
    select
        arriving.ordinal,
        arriving.dump_key,
        arriving.native_kind,
        arriving.native_id,
        if(shared_addresses.url is null, arriving.url, null) as url,
        arriving.content_key,
        arriving.content_hash,
        shared_ids.dump_key is not null
        or shared_urls.dump_key is not null
        or (shared_addresses.url is not null and arriving.native_kind is null) as has_id_collision
    from arriving
    left join shared_ids
        on arriving.is_unversioned
        and shared_ids.dump_key = arriving.dump_key
        and shared_ids.native_kind = arriving.native_kind
        and shared_ids.native_id = arriving.native_id
    left join shared_urls
        on arriving.is_unversioned
        and arriving.native_kind is null
        and shared_urls.dump_key = arriving.dump_key
        and shared_urls.url = arriving.url
    left join shared_addresses on shared_addresses.url = arriving.url
)

select
    ordinal,
    dump_key,
    if(has_id_collision, null, native_kind) as native_kind,
    if(has_id_collision, null, native_id) as native_id,
    if(has_id_collision, null, url) as url,
    content_key,
    case
        when has_id_collision then 'content'
        when native_kind is not null then 'native_id'
        when url is not null then 'url'
        else 'content'
    end as identity_basis,
    content_hash,
    has_id_collision
from judged
order by ordinal;
