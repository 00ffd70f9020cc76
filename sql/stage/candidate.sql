-- The keys by which the articles in `arriving` are looked up.
-- Articles of one dump that share a key, have no version and differ are not the same article: their key is dropped.
-- So is an id or address under which different articles came at any time; the content of another text under it of which
-- an article is a state (in `alike`) takes its place.
create or replace temp table candidate as
with
shared_keys as (
    select
        kind,
        value
    from known_alias
    where article_id = 0
),

keyed as (
    select
        arriving.ordinal,
        arriving.dump_key,
        if(ids.value is null, arriving.native_kind, null) as native_kind,
        if(ids.value is null, arriving.native_id, null) as native_id,
        if(urls.value is null, arriving.url, null) as url,
        alike.content_key as alike_key,
        arriving.content_key,
        arriving.content_hash,
        arriving.is_unversioned,
        ids.value is not null or urls.value is not null as has_shared_key
    from arriving
    left join shared_keys as ids on ids.kind = arriving.native_kind and ids.value = arriving.native_id
    left join shared_keys as urls on urls.kind = 'url' and urls.value = arriving.url
    left join alike on alike.ordinal = arriving.ordinal
),

shared_ids as (
    select
        dump_key,
        native_kind,
        native_id
    from keyed
    where is_unversioned and native_kind is not null
    group by dump_key, native_kind, native_id
    having min(content_hash) <> max(content_hash)
),

shared_urls as (
    select
        dump_key,
        url
    from keyed
    where is_unversioned and native_kind is null and url is not null
    group by dump_key, url
    having min(content_hash) <> max(content_hash)
),

judged as (
    select
        keyed.ordinal,
        keyed.dump_key,
        keyed.native_kind,
        keyed.native_id,
        keyed.url,
        keyed.alike_key,
        keyed.content_key,
        shared_ids.dump_key is not null
        or shared_urls.dump_key is not null
        or (
            keyed.has_shared_key and keyed.native_kind is null and keyed.url is null and keyed.alike_key is null
        ) as has_id_collision
    from keyed
    left join shared_ids
        on keyed.is_unversioned
        and shared_ids.dump_key = keyed.dump_key
        and shared_ids.native_kind = keyed.native_kind
        and shared_ids.native_id = keyed.native_id
    left join shared_urls
        on keyed.is_unversioned
        and keyed.native_kind is null
        and shared_urls.dump_key = keyed.dump_key
        and shared_urls.url = keyed.url
)

select
    ordinal,
    dump_key,
    if(has_id_collision, null, native_kind) as native_kind,
    if(has_id_collision, null, native_id) as native_id,
    if(has_id_collision, null, url) as url,
    if(has_id_collision, null, alike_key) as alike_key,
    content_key,
    case
        when has_id_collision then 'content'
        when native_kind is not null then 'native_id'
        when url is not null then 'url'
        else 'content'
    end as identity_basis,
    has_id_collision
from judged;
