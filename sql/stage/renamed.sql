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

update ops.article_alias
set kind = 'native_id:' || renamed_feed.name
from renamed_feed
where
    article_alias.kind = 'native_id:' || renamed_feed.former_name
    and not exists (
        select 1
        from ops.article_alias as twin
        where twin.kind = 'native_id:' || renamed_feed.name and twin.value = article_alias.value
    );

update ops.takedown
set kind = 'native_id:' || renamed_feed.name
from renamed_feed
where
    takedown.kind = 'native_id:' || renamed_feed.former_name
    and not exists (
        select 1
        from ops.takedown as twin
        where twin.kind = 'native_id:' || renamed_feed.name and twin.value = takedown.value
    );

update ops.dump
set source = renamed_dump.name
from renamed_dump
where renamed_dump.dump_key = dump.dump_key;

select count(*) as dumps
from renamed_dump;
