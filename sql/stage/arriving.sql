-- The keys of the articles of one batch that passed the checks. A view, as incoming.sql, because all keys of a batch take
-- much memory: each statement that names it reads those that it needs.
set variable articles_path = $articles_path;

set variable rejected_path = $rejected_path;

create or replace temp view arriving as
select
    article.ordinal,
    incoming_dump.dump_key,
    article.native_kind,
    article.native_id,
    article.url_key as url,
    article.content_key,
    article.content_hash,
    article.version_number,
    article.modified_at is not null as is_dated,
    article.version_number is null and article.modified_at is null as is_unversioned
from read_parquet(getvariable('articles_path')) as article
inner join incoming_dump on incoming_dump.delivery = article.delivery and incoming_dump.state = 'loaded'
anti join read_parquet(getvariable('rejected_path')) as rejected on rejected.ordinal = article.ordinal
anti join taken_down on taken_down.ordinal = article.ordinal;
