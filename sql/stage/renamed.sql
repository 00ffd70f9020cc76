-- Gives what was delivered under a feed's former name its present one (renamed_feed): deliveries, revisions and keys.
-- What was delivered under both names stays where it is.
create or replace temp table renamed_dump as
select
    dump.dump_key,
    renamed_feed.former_name,
    renamed_feed.name
from ops.dump
inner join renamed_feed on renamed_feed.former_name = dump.source
where
    not exists (
        select 1
        from ops.dump as twin
        where
            twin.source = renamed_feed.name
            and twin.path = dump.path
            and twin.sha256 = dump.sha256
            and twin.manifest_sha256 = dump.manifest_sha256
    )
qualify
    row_number() over (
        partition by renamed_feed.name, dump.path, dump.sha256, dump.manifest_sha256 order by dump.dump_key
    ) = 1;

update news.fact_article
set source = renamed_dump.name
from renamed_dump
where renamed_dump.dump_key = fact_article.dump_key and renamed_dump.former_name = fact_article.source;

-- Of several former names that share a key, one: a key is unique.
create or replace temp table renamed_key as
with
keys as (
    select
        kind,
        value,
        'ops.article_alias' as of_table
    from ops.article_alias
    union all
    select
        kind,
        value,
        'ops.takedown' as of_table
    from ops.takedown
)

select
    keys.of_table,
    keys.kind as former_kind,
    'native_id:' || renamed_feed.name as kind,
    keys.value
from keys
inner join renamed_feed on keys.kind = 'native_id:' || renamed_feed.former_name
where
    not exists (
        select 1
        from keys as twin
        where
            twin.of_table = keys.of_table
            and twin.kind = 'native_id:' || renamed_feed.name
            and twin.value = keys.value
    )
qualify
    row_number() over (
        partition by keys.of_table, renamed_feed.name, keys.value order by renamed_feed.former_name
    ) = 1;

update ops.article_alias
set kind = renamed_key.kind
from renamed_key
where
    renamed_key.of_table = 'ops.article_alias'
    and article_alias.kind = renamed_key.former_kind
    and article_alias.value = renamed_key.value;

update ops.takedown
set kind = renamed_key.kind
from renamed_key
where
    renamed_key.of_table = 'ops.takedown'
    and takedown.kind = renamed_key.former_kind
    and takedown.value = renamed_key.value;

update ops.dump
set source = renamed_dump.name
from renamed_dump
where renamed_dump.dump_key = dump.dump_key;

select count(*) as dumps
from renamed_dump;
