-- The schema as it was before the second migration: what tests migrate from. Never edited.

create schema news;

create schema ops;

create schema mart;

create table if not exists news.dim_author (
    author_key integer not null,
    author_name varchar not null
);

comment on table news.dim_author is 'One row per name that a byline gives. Key: author_key. Key: author_name.';

comment on column news.dim_author.author_key is 'Surrogate key; 0 stands for an unknown author';

comment on column news.dim_author.author_name is 'Name without "By", role, agency and e-mail';

create table if not exists news.dim_date (
    date_key integer not null,
    date date,
    year integer,
    quarter integer,
    month integer,
    month_name varchar,
    iso_year integer,
    iso_week integer,
    day_of_week integer,
    day_name varchar,
    is_weekend boolean
);

comment on table news.dim_date is 'One row per calendar day, whole years at a time. Key: date_key.';

comment on column news.dim_date.date_key is 'The day as yyyymmdd; 0 stands for an unknown date';

comment on column news.dim_date.date is 'The day; empty for the unknown date';

comment on column news.dim_date.year is 'Calendar year';

comment on column news.dim_date.quarter is 'Quarter of the year, 1 to 4';

comment on column news.dim_date.month is 'Month of the year, 1 to 12';

comment on column news.dim_date.month_name is 'English name of the month';

comment on column news.dim_date.iso_year is 'Year of the ISO 8601 week';

comment on column news.dim_date.iso_week is 'ISO 8601 week of the year, 1 to 53';

comment on column news.dim_date.day_of_week is 'ISO 8601 day of the week: 1 is Monday, 7 is Sunday';

comment on column news.dim_date.day_name is 'English name of the day';

comment on column news.dim_date.is_weekend is 'Saturday or Sunday';

create table if not exists news.dim_language (
    language_key integer not null,
    language_code varchar not null,
    language_name varchar not null
);

comment on table news.dim_language is 'One row per language. Key: language_key. Key: language_code.';

comment on column news.dim_language.language_key is 'Surrogate key; 0 stands for an undetermined language';

comment on column news.dim_language.language_code is 'ISO 639-1 code; und where undetermined';

comment on column news.dim_language.language_name is 'English name of the language';

create table if not exists news.dim_publication (
    publication_key integer not null,
    publication_name varchar not null,
    country_code varchar,
    language_code varchar,
    domain varchar
);

comment on table news.dim_publication is 'One row per publication. Key: publication_key. Key: publication_name.';

comment on column news.dim_publication.publication_key is 'Surrogate key; 0 stands for an unknown publication';

comment on column news.dim_publication.publication_name is 'Name as printed, whitespace tidied';

comment on column news.dim_publication.country_code is 'ISO 3166-1 alpha-2 code of the country it appears in, as last stated';

comment on column news.dim_publication.language_code is 'ISO 639-1 code of the language it appears in, as last stated';

comment on column news.dim_publication.domain is 'Web host of its articles, without www, as last seen';

create table if not exists news.dim_section (
    section_key integer not null,
    section_name varchar not null
);

comment on table news.dim_section is 'One row per section of a publication. Key: section_key. Key: section_name.';

comment on column news.dim_section.section_key is 'Surrogate key; 0 stands for an unknown section';

comment on column news.dim_section.section_name is 'Name as printed, whitespace tidied';

create table if not exists news.dim_topic (
    topic_key integer not null,
    scheme varchar not null,
    topic_code varchar not null,
    topic_name varchar not null
);

comment on table news.dim_topic is 'One row per label that a dump gives its articles. Key: topic_key. Key: scheme, topic_code.';

comment on column news.dim_topic.topic_key is 'Surrogate key; 0 stands for an unknown topic';

comment on column news.dim_topic.scheme is 'Vocabulary the label is from, such as tag, collection or subject';

comment on column news.dim_topic.topic_code is 'Code in the vocabulary; the name where it has no codes';

comment on column news.dim_topic.topic_name is 'Name as last stated; the code where it has no name';

create table if not exists news.article_text (
    article_key bigint not null,
    headline varchar,
    deck varchar,
    dateline varchar,
    byline varchar,
    body varchar,
    extra varchar
);

comment on table news.article_text is 'The words of every revision, in load order: filter by a range of keys. Key: article_key.';

comment on column news.article_text.article_key is 'The revision; see news.fact_article';

comment on column news.article_text.headline is 'Headline';

comment on column news.article_text.deck is 'Deck, also called subheadline or standfirst';

comment on column news.article_text.dateline is 'Dateline as printed';

comment on column news.article_text.byline is 'Byline as printed';

comment on column news.article_text.body is 'Body, paragraphs separated by an empty line; empty in a partial article without text';

comment on column news.article_text.extra is 'JSON of whatever else the dump gave';

create table if not exists news.bridge_article_author (
    article_key bigint not null,
    author_key integer not null,
    position integer not null,
    email varchar,
    role varchar
);

comment on table news.bridge_article_author is 'The people in the byline of every revision. Key: article_key, position.';

comment on column news.bridge_article_author.article_key is 'The revision; see news.fact_article';

comment on column news.bridge_article_author.author_key is 'The author; see news.dim_author';

comment on column news.bridge_article_author.position is 'Place in the byline, from 1';

comment on column news.bridge_article_author.email is 'E-mail address that the byline gives; as BROADSHEET_AUTHOR_EMAILS says, the hash of it (email: and 16 digits), or empty';

comment on column news.bridge_article_author.role is 'Role that the byline gives, such as Political Editor';

create table if not exists news.bridge_article_topic (
    article_key bigint not null,
    topic_key integer not null
);

comment on table news.bridge_article_topic is 'The labels of every revision. Key: article_key, topic_key.';

comment on column news.bridge_article_topic.article_key is 'The revision; see news.fact_article';

comment on column news.bridge_article_topic.topic_key is 'The label; see news.dim_topic';

create table if not exists news.fact_article (
    article_key bigint not null,
    article_id bigint not null,
    revision integer not null,
    is_current boolean not null,
    valid_from timestamp not null,
    valid_to timestamp,
    loaded_at timestamp not null,
    published_at timestamp,
    modified_at timestamp,
    published_date_key integer not null,
    date_basis varchar not null,
    date_precision varchar not null,
    publication_key integer not null,
    section_key integer not null,
    language_key integer not null,
    language_confidence real not null,
    dump_key bigint not null,
    source varchar not null,
    position varchar not null,
    native_id varchar,
    native_version varchar,
    version_number decimal(28, 8),
    identity_basis varchar not null,
    status varchar not null,
    embargo_until timestamp,
    is_partial boolean not null,
    agency varchar,
    url varchar,
    page varchar,
    edition varchar,
    word_count integer not null,
    character_count integer not null,
    paragraph_count integer not null,
    author_count integer not null,
    content_hash varchar not null,
    body_hash varchar,
    content_key varchar
);

comment on table news.fact_article is 'One row per revision of an article. Key: article_key. Key: article_id, revision. Key: article_id, content_hash.';

comment on column news.fact_article.article_key is 'Surrogate key of the revision, rising in load order';

comment on column news.fact_article.article_id is 'The article, stable over its revisions';

comment on column news.fact_article.revision is 'Place among the revisions of the article, from 1, by version, then modified, then published, then arrival';

comment on column news.fact_article.is_current is 'The last revision of the article';

comment on column news.fact_article.valid_from is 'When the revision became the valid one, UTC: modified, else published, else loaded, and never before its forerunner';

comment on column news.fact_article.valid_to is 'When the next revision replaced it, UTC; empty while current';

comment on column news.fact_article.loaded_at is 'Start of the run that loaded it, UTC';

comment on column news.fact_article.published_at is 'Publication instant, UTC; empty where no time was printed';

comment on column news.fact_article.modified_at is 'Instant of the last change as the dump states it, UTC';

comment on column news.fact_article.published_date_key is 'Date as printed, where it was printed; 0 is unknown; see news.dim_date';

comment on column news.fact_article.date_basis is 'Where the date is from: native (the article), manifest, path, inferred or unknown';

comment on column news.fact_article.date_precision is 'How exactly it is known: second, minute, hour, day, month, year or unknown';

comment on column news.fact_article.publication_key is 'Publication; 0 is unknown; see news.dim_publication';

comment on column news.fact_article.section_key is 'Section; 0 is unknown; see news.dim_section';

comment on column news.fact_article.language_key is 'Language; 0 is undetermined; see news.dim_language';

comment on column news.fact_article.language_confidence is 'Confidence in the language, 0 to 1; 1 where it was declared';

comment on column news.fact_article.dump_key is 'Delivery that brought the revision; see ops.dump';

comment on column news.fact_article.source is 'Feed that brought the revision';

comment on column news.fact_article.position is 'Place in the dump: member, then line, row or ordinal';

comment on column news.fact_article.native_id is 'Id that the dump gave';

comment on column news.fact_article.native_version is 'Version that the dump gave';

comment on column news.fact_article.version_number is 'That version as a number; empty where it is none';

comment on column news.fact_article.identity_basis is 'Strongest key that the article is known by: native_id, url or content';

comment on column news.fact_article.status is 'usable, corrected, canceled, withheld or embargoed';

comment on column news.fact_article.embargo_until is 'Not for publication before this instant, UTC';

comment on column news.fact_article.is_partial is 'An excerpt or summary only';

comment on column news.fact_article.agency is 'News agencies that the byline or the dump credits';

comment on column news.fact_article.url is 'Address without tracking parameters';

comment on column news.fact_article.page is 'Page as printed';

comment on column news.fact_article.edition is 'Edition as printed';

comment on column news.fact_article.word_count is 'Words in the body; in scripts without spaces, characters';

comment on column news.fact_article.character_count is 'Characters in the body';

comment on column news.fact_article.paragraph_count is 'Paragraphs in the body';

comment on column news.fact_article.author_count is 'People in the byline';

comment on column news.fact_article.content_hash is 'Hash of what the dump states of the article, before any cleaning';

comment on column news.fact_article.body_hash is 'Hash of the clean body; empty where there is none';

comment on column news.fact_article.content_key is 'Hash of publication, headline and body, by which it is found again without an id; empty where it was loaded before this was kept';

-- after: news.fact_article
create table if not exists news.article_story (
    article_id bigint not null,
    story_key bigint not null
);

comment on table news.article_story is 'The story of every article. Key: article_id.';

comment on column news.article_story.article_id is 'The article, stable over its revisions';

comment on column news.article_story.story_key is 'The story it belongs to, for good; see news.dim_story';

-- after: news.fact_article, news.article_story
create table if not exists news.dim_story (
    story_key bigint not null,
    first_published_at timestamp,
    article_count integer not null,
    publication_count integer not null
);

comment on table news.dim_story is 'One row per story: a cluster of articles with the same text. Key: story_key.';

comment on column news.dim_story.story_key is 'Surrogate key; 0 stands for an unknown story';

comment on column news.dim_story.first_published_at is 'Earliest publication among its articles, UTC; a date without a time counts as its first moment; empty where no article is dated';

comment on column news.dim_story.article_count is 'Articles in the story';

comment on column news.dim_story.publication_count is 'Known publications that carried it';

create table if not exists ops.article_alias (
    kind varchar not null,
    value varchar not null,
    article_id bigint not null,
    dump_key bigint not null
);

comment on table ops.article_alias is 'Every key that an article was ever known by. Key: kind, value.';

comment on column ops.article_alias.kind is 'native_id (unique the world over), native_id:<source> (unique in that feed), url or content';

comment on column ops.article_alias.value is 'The id, the address without tracking parameters, or the hash of publication, headline and body';

comment on column ops.article_alias.article_id is 'The article that it leads to';

comment on column ops.article_alias.dump_key is 'Delivery that first gave the key; see ops.dump';

create table if not exists ops.dump (
    dump_key bigint not null,
    path varchar not null,
    source varchar not null,
    format varchar not null,
    sha256 varchar not null,
    manifest_sha256 varchar not null,
    bytes bigint not null,
    first_seen_at timestamp not null,
    stated varchar
);

comment on table ops.dump is 'One row per delivery: a file with its manifest, as it arrived. Key: dump_key. Key: source, path, sha256, manifest_sha256.';

comment on column ops.dump.dump_key is 'Surrogate key';

comment on column ops.dump.path is 'Path below the landing folder; the whole path where it lies elsewhere';

comment on column ops.dump.source is 'Feed that it belongs to; ad_hoc where none';

comment on column ops.dump.format is 'Format it was first read as';

comment on column ops.dump.sha256 is 'SHA-256 of the file; empty where it could not be read';

comment on column ops.dump.manifest_sha256 is 'SHA-256 of what was stated of it from outside; empty where nothing was';

comment on column ops.dump.bytes is 'Size of the file';

comment on column ops.dump.first_seen_at is 'Start of the run that first saw it, UTC';

comment on column ops.dump.stated is 'JSON of what was stated of it from outside, by its manifest or a form; empty where nothing was, or where it was first seen before this was kept';

-- after: ops.dump, news.fact_article
create table if not exists ops.article_redelivery (
    article_key bigint not null,
    dump_key bigint not null,
    position varchar not null,
    loaded_at timestamp not null
);

comment on table ops.article_redelivery is 'Where else a stored revision was delivered, unchanged. When the delivery that brought it is unloaded, it stays as brought by the first of these. Key: dump_key, position.';

comment on column ops.article_redelivery.article_key is 'The revision; see news.fact_article';

comment on column ops.article_redelivery.dump_key is 'The other delivery, or the same one where the dump repeats itself; see ops.dump';

comment on column ops.article_redelivery.position is 'Place in that dump: member, then line, row or ordinal';

comment on column ops.article_redelivery.loaded_at is 'Start of the run that found it there, UTC';

-- after: ops.dump, news.fact_article
create table if not exists ops.dump_load (
    run_id varchar not null,
    dump_key bigint not null,
    state varchar not null,
    articles_declared bigint,
    marks_seen bigint,
    articles_read bigint not null,
    inserted bigint not null,
    revised bigint not null,
    unchanged bigint not null,
    rejected bigint not null,
    skipped varchar not null,
    reason varchar,
    loaded_at timestamp not null,
    kind varchar not null
);

comment on table ops.dump_load is 'One row per delivery per run, only ever added to. articles_read = inserted + revised + unchanged + rejected. Key: run_id, dump_key.';

comment on column ops.dump_load.run_id is 'The run; see ops.load_run';

comment on column ops.dump_load.dump_key is 'The delivery; see ops.dump';

comment on column ops.dump_load.state is 'loaded; refused (the dump is at fault); failed (tried again next run); unloaded; released (to be tried again)';

comment on column ops.dump_load.articles_declared is 'Articles that the dump or its manifest says it holds; empty where neither says';

comment on column ops.dump_load.marks_seen is 'Articles counted by a scan that is not the parser; empty where nothing could be scanned';

comment on column ops.dump_load.articles_read is 'Articles found, readable or not';

comment on column ops.dump_load.inserted is 'Articles not known before';

comment on column ops.dump_load.revised is 'New revisions of known articles';

comment on column ops.dump_load.unchanged is 'Articles already stored as they are';

comment on column ops.dump_load.rejected is 'Articles not loaded: those in ops.rejected_article, or all of a dump that was not loaded';

comment on column ops.dump_load.skipped is 'JSON: pieces that are no articles, counted by kind';

comment on column ops.dump_load.reason is 'Why the dump was refused or failed; otherwise warnings';

comment on column ops.dump_load.loaded_at is 'Start of the run, UTC';

comment on column ops.dump_load.kind is 'delivery (the whole dump was taken), replay (articles rejected before were tried again), unload or release';

create table if not exists ops.load_run (
    run_id varchar not null,
    trigger varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    state varchar not null,
    versions varchar not null
);

comment on table ops.load_run is 'One row per run that changed something. Key: run_id.';

comment on column ops.load_run.run_id is 'The run; also the name of its work folder';

comment on column ops.load_run.trigger is 'What started it: schedule, manual, command_line or backfill; or what it did: replay, unload, release, renormalise, takedown or maintenance';

comment on column ops.load_run.started_at is 'Start of the run, UTC';

comment on column ops.load_run.finished_at is 'End of its verification, UTC; empty until then';

comment on column ops.load_run.state is 'loading until verified; then verified, or failed where the suites refused it';

comment on column ops.load_run.versions is 'JSON: versions of Broadsheet and of the libraries that it stands on';

create table if not exists ops.quality_result (
    run_id varchar not null,
    suite varchar not null,
    expectation varchar not null,
    column_name varchar,
    severity varchar not null,
    success boolean not null,
    unexpected_count bigint,
    observed_value varchar,
    reason varchar not null
);

comment on table ops.quality_result is 'One row per expectation per run.';

comment on column ops.quality_result.run_id is 'The run; see ops.load_run';

comment on column ops.quality_result.suite is 'Suite: the table or the stage it guards';

comment on column ops.quality_result.expectation is 'What was expected';

comment on column ops.quality_result.column_name is 'Column or columns it was expected of';

comment on column ops.quality_result.severity is 'critical (refuses), warning or info';

comment on column ops.quality_result.success is 'Whether it was met';

comment on column ops.quality_result.unexpected_count is 'Rows that did not meet it';

comment on column ops.quality_result.observed_value is 'What was found instead';

comment on column ops.quality_result.reason is 'Why it is expected';

-- after: ops.dump
create table if not exists ops.rejected_article (
    run_id varchar not null,
    dump_key bigint not null,
    ordinal bigint,
    position varchar not null,
    stage varchar not null,
    reason varchar not null,
    quarantine_file varchar,
    replayed_at timestamp
);

comment on table ops.rejected_article is 'One row per article that was not loaded, with the reason, and one per dump that was not loaded.';

comment on column ops.rejected_article.run_id is 'The run that rejected it; see ops.load_run';

comment on column ops.rejected_article.dump_key is 'The delivery it stood in; see ops.dump';

comment on column ops.rejected_article.ordinal is 'Place of its raw record in the quarantine file; empty where none is kept';

comment on column ops.rejected_article.position is 'Place in the dump: member, then line, row or ordinal; empty for the whole dump';

comment on column ops.rejected_article.stage is 'What rejected it: extract (the reader), check (the suites), takedown (it may not come back), or dump where the whole dump was not loaded';

comment on column ops.rejected_article.reason is 'Why, and what to do';

comment on column ops.rejected_article.quarantine_file is 'File below quarantine/ that keeps its raw record; empty for a whole dump, and where it was taken down';

comment on column ops.rejected_article.replayed_at is 'When it went through again, UTC, by a replay or with its whole dump: were it rejected again, a later row says why; empty until then';

create table if not exists ops.schema_version (
    version integer not null,
    fingerprint varchar not null,
    applied_at timestamp not null
);

comment on table ops.schema_version is 'One row per change of the schema; the last row tells what this file follows. Key: version, fingerprint.';

comment on column ops.schema_version.version is 'Number of the last file of sql/migrations applied; 0 before the first';

comment on column ops.schema_version.fingerprint is 'SHA-256 of the CREATE and COMMENT statements followed';

comment on column ops.schema_version.applied_at is 'Start of the run that applied it, UTC';

create table if not exists ops.takedown (
    kind varchar not null,
    value varchar not null,
    reason varchar not null,
    requested_by varchar not null,
    approved_by varchar not null,
    taken_down_at timestamp not null,
    completed_at timestamp
);

comment on table ops.takedown is 'Keys and content hashes that may not come back; no text. Key: kind, value.';

comment on column ops.takedown.kind is 'native_id, native_id:<source>, url, content or content_hash';

comment on column ops.takedown.value is 'The key or hash';

comment on column ops.takedown.reason is 'Why it was taken down';

comment on column ops.takedown.requested_by is 'Who asked for it';

comment on column ops.takedown.approved_by is 'Who approved it; never who asked';

comment on column ops.takedown.taken_down_at is 'When, UTC';

comment on column ops.takedown.completed_at is 'When nothing of it was left in any file of ours, UTC; empty while the takedown is unfinished';

create or replace view ops.dump_status as
with
decided as (
    select
        dump_key,
        count(*) filter (kind = 'delivery') as attempts,
        arg_max(state, loaded_at) filter (kind <> 'replay') as last_state,
        arg_max(run_id, loaded_at) filter (kind in ('delivery', 'unload')) as counted_run_id,
        max(loaded_at) filter (kind in ('unload', 'release')) as released_at,
        coalesce(sum(inserted + revised + unchanged) filter (kind = 'replay'), 0)::bigint as replayed
    from ops.dump_load
    group by dump_key
),

refusals as (
    select
        dump_load.dump_key,
        count(*) as refusals
    from ops.dump_load
    inner join decided on decided.dump_key = dump_load.dump_key
    where
        dump_load.state = 'refused'
        and (decided.released_at is null or dump_load.loaded_at > decided.released_at)
    group by dump_load.dump_key
),

replaced as (
    select
        dump.source,
        dump.path,
        max(dump.dump_key) as dump_key
    from ops.dump
    inner join decided on decided.dump_key = dump.dump_key
    where decided.last_state = 'loaded'
    group by dump.source, dump.path
)

select
    dump.dump_key,
    dump.path,
    dump.source,
    dump.format,
    case
        when decided.last_state is null or decided.last_state = 'released' then 'new'
        when decided.last_state = 'refused' and refusals.refusals >= 3 then 'parked'
        else decided.last_state
    end as state,
    coalesce(decided.attempts, 0) as attempts,
    dump_load.articles_declared,
    dump_load.marks_seen,
    dump_load.articles_read,
    dump_load.inserted,
    dump_load.revised,
    dump_load.unchanged,
    dump_load.rejected,
    dump_load.skipped,
    dump_load.reason,
    dump_load.run_id,
    dump_load.loaded_at,
    dump.sha256,
    dump.manifest_sha256,
    coalesce(decided.replayed, 0) as replayed,
    coalesce(replaced.dump_key > dump.dump_key, false) as is_replaced
from ops.dump
left join decided on decided.dump_key = dump.dump_key
left join refusals on refusals.dump_key = dump.dump_key
left join replaced on replaced.source = dump.source and replaced.path = dump.path
left join ops.dump_load on dump_load.dump_key = dump.dump_key and dump_load.run_id = decided.counted_run_id;

comment on view ops.dump_status is 'One row per delivery with its last load. Key: dump_key.';

comment on column ops.dump_status.dump_key is 'Surrogate key of the delivery';

comment on column ops.dump_status.path is 'Path of the delivery';

comment on column ops.dump_status.source is 'Feed that it belongs to';

comment on column ops.dump_status.format is 'Format it was first read as';

comment on column ops.dump_status.state is 'new (or released), loaded, refused, failed, parked (refused three times: not tried again until released) or unloaded';

comment on column ops.dump_status.attempts is 'Runs that took it';

comment on column ops.dump_status.articles_declared is 'Articles that the dump or its manifest says it holds';

comment on column ops.dump_status.marks_seen is 'Articles counted by a scan that is not the parser';

comment on column ops.dump_status.articles_read is 'Articles found in the last load';

comment on column ops.dump_status.inserted is 'Articles not known before the last load';

comment on column ops.dump_status.revised is 'New revisions by the last load';

comment on column ops.dump_status.unchanged is 'Articles already stored before the last load';

comment on column ops.dump_status.rejected is 'Articles not loaded by the last load';

comment on column ops.dump_status.skipped is 'JSON: pieces that are no articles, counted by kind';

comment on column ops.dump_status.reason is 'Why it was refused or failed; otherwise warnings';

comment on column ops.dump_status.run_id is 'Run of the last load';

comment on column ops.dump_status.loaded_at is 'Start of that run, UTC';

comment on column ops.dump_status.sha256 is 'SHA-256 of the file';

comment on column ops.dump_status.manifest_sha256 is 'SHA-256 of what was stated of it from outside';

comment on column ops.dump_status.replayed is 'Articles of it that were rejected, and loaded by a later replay';

comment on column ops.dump_status.is_replaced is 'A later delivery of the same path is loaded: the dump was mended, and this one is history';

-- after: ops.dump_status
create or replace view ops.open_rejection as
select
    rejected_article.run_id,
    rejected_article.dump_key,
    dump_status.path,
    dump_status.source,
    rejected_article.ordinal,
    rejected_article.position,
    rejected_article.stage,
    rejected_article.reason,
    rejected_article.quarantine_file
from ops.rejected_article
inner join ops.dump_status on dump_status.dump_key = rejected_article.dump_key
where
    rejected_article.replayed_at is null
    and rejected_article.stage in ('extract', 'check')
    and dump_status.state = 'loaded';

comment on view ops.open_rejection is 'Rejected articles of loaded dumps that wait to be replayed. Key: run_id, dump_key, position.';

comment on column ops.open_rejection.run_id is 'The run that rejected it';

comment on column ops.open_rejection.dump_key is 'The delivery it stood in';

comment on column ops.open_rejection.path is 'Path of the delivery';

comment on column ops.open_rejection.source is 'Feed of the delivery';

comment on column ops.open_rejection.ordinal is 'Place of its raw record in the quarantine file';

comment on column ops.open_rejection.position is 'Place in the dump: member, then line, row or ordinal';

comment on column ops.open_rejection.stage is 'What rejected it: extract (the reader) or check (the suites)';

comment on column ops.open_rejection.reason is 'Why, and what to do';

comment on column ops.open_rejection.quarantine_file is 'File below quarantine/ that keeps its raw record';

create or replace view mart.article as
with
authors as (
    select
        bridge_article_author.article_key,
        list(dim_author.author_name order by bridge_article_author.position) as authors
    from news.bridge_article_author
    inner join news.dim_author on dim_author.author_key = bridge_article_author.author_key
    group by bridge_article_author.article_key
),

topics as (
    select
        bridge_article_topic.article_key,
        list(dim_topic.topic_name order by dim_topic.topic_key) as topics
    from news.bridge_article_topic
    inner join news.dim_topic on dim_topic.topic_key = bridge_article_topic.topic_key
    group by bridge_article_topic.article_key
)

select
    fact_article.article_key,
    fact_article.article_id,
    fact_article.revision,
    dim_publication.publication_name as publication,
    dim_publication.country_code,
    article_text.headline,
    article_text.deck,
    article_text.dateline,
    article_text.body,
    coalesce(authors.authors, []) as authors,
    coalesce(topics.topics, []) as topics,
    fact_article.agency,
    dim_language.language_code,
    dim_section.section_name as section,
    fact_article.page,
    fact_article.edition,
    fact_article.published_at,
    dim_date.date as published_date,
    fact_article.published_date_key,
    fact_article.date_basis,
    fact_article.date_precision,
    fact_article.modified_at,
    fact_article.status,
    fact_article.embargo_until,
    fact_article.is_partial,
    fact_article.url,
    fact_article.native_id,
    fact_article.source,
    fact_article.word_count,
    article_story.story_key,
    fact_article.loaded_at
from news.fact_article
inner join news.article_text on article_text.article_key = fact_article.article_key
inner join news.dim_publication on dim_publication.publication_key = fact_article.publication_key
inner join news.dim_section on dim_section.section_key = fact_article.section_key
inner join news.dim_language on dim_language.language_key = fact_article.language_key
inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
inner join news.article_story on article_story.article_id = fact_article.article_id
left join authors on authors.article_key = fact_article.article_key
left join topics on topics.article_key = fact_article.article_key
where fact_article.is_current and fact_article.status <> 'canceled';

comment on view mart.article is 'One wide row per current article that was not canceled: what to open first. Key: article_id.';

comment on column mart.article.article_key is 'The revision; bodies are stored in this order';

comment on column mart.article.article_id is 'The article, stable over its revisions';

comment on column mart.article.revision is 'How many-th revision it is';

comment on column mart.article.publication is 'Name of the publication; unknown where the dump gives none';

comment on column mart.article.country_code is 'Country of the publication, ISO 3166-1 alpha-2';

comment on column mart.article.headline is 'Headline';

comment on column mart.article.deck is 'Deck, also called subheadline or standfirst';

comment on column mart.article.dateline is 'Dateline as printed';

comment on column mart.article.body is 'Body, paragraphs separated by an empty line';

comment on column mart.article.authors is 'Names in the byline, in order';

comment on column mart.article.topics is 'Labels that the dump gives';

comment on column mart.article.agency is 'News agencies credited';

comment on column mart.article.language_code is 'ISO 639-1 code; und where undetermined';

comment on column mart.article.section is 'Section; unknown where the dump gives none';

comment on column mart.article.page is 'Page as printed';

comment on column mart.article.edition is 'Edition as printed';

comment on column mart.article.published_at is 'Publication instant, UTC; empty where no time was printed';

comment on column mart.article.published_date is 'Date as printed, where it was printed; empty where unknown';

comment on column mart.article.published_date_key is 'That date as yyyymmdd; 0 is unknown';

comment on column mart.article.date_basis is 'Where the date is from: native, manifest, path, inferred or unknown';

comment on column mart.article.date_precision is 'How exactly it is known';

comment on column mart.article.modified_at is 'Instant of the last change as the dump states it, UTC';

comment on column mart.article.status is 'usable, corrected, withheld or embargoed';

comment on column mart.article.embargo_until is 'Not for publication before this instant, UTC';

comment on column mart.article.is_partial is 'An excerpt or summary only';

comment on column mart.article.url is 'Address without tracking parameters';

comment on column mart.article.native_id is 'Id that the dump gave';

comment on column mart.article.source is 'Feed that brought it';

comment on column mart.article.word_count is 'Words in the body';

comment on column mart.article.story_key is 'Articles with the same text share it; see news.dim_story';

comment on column mart.article.loaded_at is 'Start of the run that loaded it, UTC';

insert into ops.schema_version values (1, '2e9595a8b23e83637c8bafc6fcadd0d89a7026a5614e55567bbf744df7a5d6b7', timestamp '2026-11-24 00:00:00');
