-- The keys of the articles of one batch that passed the checks.
-- Articles of one dump that share a key, have no version and differ are not the same article: their key is dropped.
create or replace temp table candidate as
with
articles as (
    select
        article.ordinal,
        incoming_dump.dump_key,
        article.native_kind,
        article.native_id,
        article.url,
        article.content_key,
        article.content_hash,
        article.version_number is null and article.modified_at is null as is_unversioned
    from read_parquet($articles_path) as article
    inner join incoming_dump on incoming_dump.delivery = article.delivery and incoming_dump.state = 'loaded'
    anti join read_parquet($rejected_path) as rejected on rejected.ordinal = article.ordinal
    anti join taken_down on taken_down.ordinal = article.ordinal
),

shared_ids as (
    select
        dump_key,
        native_kind,
        native_id
    from articles
    where is_unversioned and native_kind is not null
    group by dump_key, native_kind, native_id
    having min(content_hash) <> max(content_hash)
),

shared_urls as (
    select
        dump_key,
        url
    from articles
    where is_unversioned and native_kind is null and url is not null
    group by dump_key, url
    having min(content_hash) <> max(content_hash)
),

judged as (
    select
        articles.ordinal,
        articles.dump_key,
        articles.native_kind,
        articles.native_id,
        articles.url,
        articles.content_key,
        articles.content_hash,
        shared_ids.dump_key is not null or shared_urls.dump_key is not null as has_id_collision
    from articles
    left join shared_ids
        on articles.is_unversioned
        and shared_ids.dump_key = articles.dump_key
        and shared_ids.native_kind = articles.native_kind
        and shared_ids.native_id = articles.native_id
    left join shared_urls
        on articles.is_unversioned
        and articles.native_kind is null
        and shared_urls.dump_key = articles.dump_key
        and shared_urls.url = articles.url
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
