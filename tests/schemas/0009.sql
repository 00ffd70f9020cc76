-- Written by `make docs` from the files in `sql/`; do not edit.

create schema news;

create schema ops;

create schema mart;

create table if not exists news.dim_author (
    author_key integer not null,
    author_name varchar not null
);

comment on table news.dim_author is 'One row per author name found in bylines. Key: author_key. Key: author_name.';

comment on column news.dim_author.author_key is 'Surrogate key; 0 stands for an unknown author';

comment on column news.dim_author.author_name is 'Name, without "By", role, agency or e-mail address';

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

comment on table news.dim_date is 'One row per calendar day, added in whole years. Key: date_key.';

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

comment on column news.dim_date.is_weekend is 'Whether the day is a Saturday or Sunday';

create table if not exists news.dim_language (
    language_key integer not null,
    language_code varchar not null,
    language_name varchar not null
);

comment on table news.dim_language is 'One row per language. Key: language_key. Key: language_code.';

comment on column news.dim_language.language_key is 'Surrogate key; 0 stands for an undetermined language';

comment on column news.dim_language.language_code is 'ISO 639-1 code; und if undetermined';

comment on column news.dim_language.language_name is 'English name of the language';

create table if not exists news.dim_publication (
    publication_key integer not null,
    publication_name varchar not null,
    country_code varchar,
    language_code varchar,
    domain varchar,
    time_zone varchar,
    stated_country_code varchar
);

comment on table news.dim_publication is 'One row per publication. Key: publication_key. Key: publication_name.';

comment on column news.dim_publication.publication_key is 'Surrogate key; 0 stands for an unknown publication';

comment on column news.dim_publication.publication_name is 'Name: as publications.toml has it, else as printed, with whitespace tidied';

comment on column news.dim_publication.country_code is 'Country of the publication, as an ISO 3166-1 alpha-2 code: the one in publications.toml, else stated_country_code';

comment on column news.dim_publication.language_code is 'Language of the publication, as an ISO 639-1 code; the last one stated';

comment on column news.dim_publication.domain is 'Web host of its articles, without www; the last one seen';

comment on column news.dim_publication.time_zone is 'IANA time zone of the publication, from publications.toml; empty if it has none';

comment on column news.dim_publication.stated_country_code is 'Country that its dumps or their feeds state, as an ISO 3166-1 alpha-2 code; the last one stated';

create table if not exists news.dim_section (
    section_key integer not null,
    section_name varchar not null
);

comment on table news.dim_section is 'One row per section name. Key: section_key. Key: section_name.';

comment on column news.dim_section.section_key is 'Surrogate key; 0 stands for an unknown section';

comment on column news.dim_section.section_name is 'Name as printed, with whitespace tidied';

create table if not exists news.dim_topic (
    topic_key integer not null,
    scheme varchar not null,
    topic_code varchar not null,
    topic_name varchar not null,
    kind varchar not null,
    same_as_key integer not null
);

comment on table news.dim_topic is 'One row per label that dumps give to articles. Key: topic_key. Key: scheme, topic_code.';

comment on column news.dim_topic.topic_key is 'Surrogate key; 0 stands for an unknown topic';

comment on column news.dim_topic.scheme is 'Vocabulary the topic comes from, such as tag, collection or subject';

comment on column news.dim_topic.topic_code is 'Code in the vocabulary; the name if the vocabulary has no codes';

comment on column news.dim_topic.topic_name is 'Name as first stated; the code if there is no name';

comment on column news.dim_topic.kind is 'What the topic is: subject, person, place, organisation, event, form (such as a genre), slug, collection or code; news.topic_scheme says which vocabularies hold what';

comment on column news.dim_topic.same_as_key is 'Lowest topic_key of the same kind and name, whatever its vocabulary and its capitals: which the marts count as one topic; a code stands for itself; see news.dim_topic';

create table if not exists news.article_text (
    article_key bigint not null,
    headline varchar,
    deck varchar,
    dateline varchar,
    byline varchar,
    body varchar,
    extra varchar
);

comment on table news.article_text is 'The text of every revision, in load order: filter by a range of keys. Key: article_key.';

comment on column news.article_text.article_key is 'The revision; see news.fact_article';

comment on column news.article_text.headline is 'Headline';

comment on column news.article_text.deck is 'Deck, also called subheadline or standfirst';

comment on column news.article_text.dateline is 'Dateline as printed';

comment on column news.article_text.byline is 'Byline as printed';

comment on column news.article_text.body is 'Body, with an empty line between paragraphs; empty if a partial or canceled article has no text';

comment on column news.article_text.extra is 'JSON: anything else that the dump says about the article';

create table if not exists news.bridge_article_author (
    article_key bigint not null,
    author_key integer not null,
    position integer not null,
    email varchar,
    role varchar
);

comment on table news.bridge_article_author is 'The people named in the byline of every revision. Key: article_key, position.';

comment on column news.bridge_article_author.article_key is 'The revision; see news.fact_article';

comment on column news.bridge_article_author.author_key is 'The author; see news.dim_author';

comment on column news.bridge_article_author.position is 'Position in the byline, from 1';

comment on column news.bridge_article_author.email is 'E-mail address given in the byline; depending on BROADSHEET_AUTHOR_EMAILS, its hash (email: and 16 digits) or empty';

comment on column news.bridge_article_author.role is 'Role given in the byline, such as Political Editor';

create table if not exists news.bridge_article_topic (
    article_key bigint not null,
    topic_key integer not null
);

comment on table news.bridge_article_topic is 'The labels of every revision. Key: article_key, topic_key.';

comment on column news.bridge_article_topic.article_key is 'The revision; see news.fact_article';

comment on column news.bridge_article_topic.topic_key is 'The label; see news.dim_topic';

create table if not exists ops.article_alias (
    kind varchar not null,
    value varchar not null,
    article_id bigint not null,
    dump_key bigint not null
);

comment on table ops.article_alias is 'Every key by which an article has ever been known. Key: kind, value.';

comment on column ops.article_alias.kind is 'native_id (globally unique), native_id:<source> (unique within that feed), url or content';

comment on column ops.article_alias.value is 'The id, the web address without tracking parameters, or the hash of publication, headline and body';

comment on column ops.article_alias.article_id is 'The article that the key identifies; 0 is none, for an id or address that different articles share';

comment on column ops.article_alias.dump_key is 'First delivery that contained the key; see ops.dump';

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

comment on column ops.dump.dump_key is 'Surrogate key of the delivery';

comment on column ops.dump.path is 'Path below the landing folder; the full path if the file is elsewhere';

comment on column ops.dump.source is 'Feed it belongs to; ad_hoc if none';

comment on column ops.dump.format is 'Format in which it was first read';

comment on column ops.dump.sha256 is 'SHA-256 of the file; empty if it could not be read';

comment on column ops.dump.manifest_sha256 is 'SHA-256 of what its manifest or a form stated about it; empty if nothing was stated';

comment on column ops.dump.bytes is 'Size of the file';

comment on column ops.dump.first_seen_at is 'Start of the run that first saw it, UTC';

comment on column ops.dump.stated is 'JSON: what its manifest or a form stated about it; empty if nothing was stated, or if it was first seen before this column existed';

create table if not exists ops.fetch (
    feed varchar not null,
    address varchar not null,
    landing_path varchar not null,
    size_bytes bigint not null,
    modified_at timestamp,
    etag varchar,
    fetched_at timestamp not null,
    run_id varchar not null
);

comment on table ops.fetch is 'One row per file that was fetched into the landing folder from elsewhere; another one when it had changed there and was fetched again. Key: address, feed, run_id.';

comment on column ops.fetch.feed is 'The feed of sources.toml whose path is an address';

comment on column ops.fetch.address is 'Where the file was fetched from, without user and password';

comment on column ops.fetch.landing_path is 'Its path below the landing folder';

comment on column ops.fetch.size_bytes is 'Its size in bytes';

comment on column ops.fetch.modified_at is 'When it was last changed there, as the other side says, UTC; NULL if it does not say';

comment on column ops.fetch.etag is 'What the other side calls this content of it; NULL if it does not say';

comment on column ops.fetch.fetched_at is 'Start of the run that fetched it, UTC';

comment on column ops.fetch.run_id is 'The run that fetched it, or found it in the landing folder as it is elsewhere';

create table if not exists ops.landing_scan (
    run_id varchar not null,
    trigger varchar not null,
    started_at timestamp not null,
    files bigint not null,
    new bigint not null,
    loaded bigint not null,
    unsettled bigint not null,
    parked bigint not null,
    unclaimed bigint not null,
    contested bigint not null
);

comment on table ops.landing_scan is 'One row per run that looked for new dumps of every feed, whether it found any or not. Key: run_id.';

comment on column ops.landing_scan.run_id is 'The run; it is in ops.load_run only if it found something';

comment on column ops.landing_scan.trigger is 'What started it: schedule, manual or command_line';

comment on column ops.landing_scan.started_at is 'Start of the run, UTC';

comment on column ops.landing_scan.files is 'Files that it saw, without manifests';

comment on column ops.landing_scan.new is 'Of these, those that it took';

comment on column ops.landing_scan.loaded is 'Of these, those that are loaded already';

comment on column ops.landing_scan.unsettled is 'Of these, those left for a later run because they had just changed';

comment on column ops.landing_scan.parked is 'Of these, those that are parked';

comment on column ops.landing_scan.unclaimed is 'Of these, those that no feed of sources.toml claims';

comment on column ops.landing_scan.contested is 'Files that more than one feed claims; each also counts as what became of it';

create table if not exists ops.load_run (
    run_id varchar not null,
    run_number bigint not null,
    trigger varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    state varchar not null,
    versions varchar not null,
    commit_retries integer
);

comment on table ops.load_run is 'One row per run that changed something. Key: run_id. Key: run_number.';

comment on column ops.load_run.run_id is 'The run; also the name of its work folder';

comment on column ops.load_run.run_number is 'Place in the order in which the runs changed something, whatever the clock said; the last run has the highest';

comment on column ops.load_run.trigger is 'What started it: schedule, manual, command_line or backfill; or what it did: replay, unload, release, dismiss, renormalise, separate, takedown or maintenance';

comment on column ops.load_run.started_at is 'Start of the run, UTC';

comment on column ops.load_run.finished_at is 'End of its verification, UTC; empty until then';

comment on column ops.load_run.state is 'loading until verified; then verified, or failed if the suites refused it';

comment on column ops.load_run.versions is 'JSON: versions of Broadsheet and of the libraries it uses';

comment on column ops.load_run.commit_retries is 'How many times a transaction of its load was done again, because the lake refused it for a reason that passed; 0 in a file; empty for runs of older versions';

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
    content_key varchar,
    published_local timestamp
);

comment on table news.fact_article is 'One row per revision of an article. Key: article_key. Key: article_id, revision. Key: article_id, content_hash.';

comment on column news.fact_article.article_key is 'Surrogate key of the revision, ascending in load order';

comment on column news.fact_article.article_id is 'The article; the same for all its revisions';

comment on column news.fact_article.revision is 'Number of the revision, from 1, in order of version, then modification, publication and arrival';

comment on column news.fact_article.is_current is 'Whether this is the last revision of the article';

comment on column news.fact_article.valid_from is 'When the revision became valid, UTC: when it was modified, else published, else loaded; never before the previous revision did';

comment on column news.fact_article.valid_to is 'When the next revision replaced it, UTC; empty while current';

comment on column news.fact_article.loaded_at is 'Start of the run that loaded it, UTC';

comment on column news.fact_article.published_at is 'When the article was published, UTC; empty if no time was printed';

comment on column news.fact_article.modified_at is 'When the article was last changed, according to the dump, UTC';

comment on column news.fact_article.published_date_key is 'Date as printed (local to the source), as yyyymmdd; 0 is unknown; see news.dim_date';

comment on column news.fact_article.date_basis is 'Where the date comes from: native (the article), manifest, path, inferred or unknown';

comment on column news.fact_article.date_precision is 'How precisely the date is known: second, minute, hour, day, month, year or unknown';

comment on column news.fact_article.publication_key is 'Publication; 0 is unknown; see news.dim_publication';

comment on column news.fact_article.section_key is 'Section; 0 is unknown; see news.dim_section';

comment on column news.fact_article.language_key is 'Language; 0 is undetermined; see news.dim_language';

comment on column news.fact_article.language_confidence is 'Confidence in the language, 0 to 1; 1 if the language was declared';

comment on column news.fact_article.dump_key is 'Delivery that contained the revision; see ops.dump';

comment on column news.fact_article.source is 'Feed that delivered the revision';

comment on column news.fact_article.position is 'Position in the dump: member, then line, row or ordinal';

comment on column news.fact_article.native_id is 'Id given by the dump';

comment on column news.fact_article.native_version is 'Version given by the dump';

comment on column news.fact_article.version_number is 'That version as a number; empty if it is not a number';

comment on column news.fact_article.identity_basis is 'Strongest key that identifies the article: native_id, url or content';

comment on column news.fact_article.status is 'usable, corrected, canceled, withheld or embargoed';

comment on column news.fact_article.embargo_until is 'Not to be published before this time, UTC';

comment on column news.fact_article.is_partial is 'Whether the article is only an excerpt or summary';

comment on column news.fact_article.agency is 'News agencies credited in the byline or by the dump';

comment on column news.fact_article.url is 'Web address without tracking parameters';

comment on column news.fact_article.page is 'Page as printed';

comment on column news.fact_article.edition is 'Edition as printed';

comment on column news.fact_article.word_count is 'Words in the body; in scripts without spaces, characters';

comment on column news.fact_article.character_count is 'Characters in the body';

comment on column news.fact_article.paragraph_count is 'Paragraphs in the body';

comment on column news.fact_article.author_count is 'People named in the byline';

comment on column news.fact_article.content_hash is 'Hash of everything the dump says about the article, before any cleaning';

comment on column news.fact_article.body_hash is 'Hash of the cleaned body; empty if there is no body';

comment on column news.fact_article.content_key is 'Hash of publication, headline and body, which identifies the article if it has no id; empty in rows loaded before this column existed';

comment on column news.fact_article.published_local is 'When the article was published, by the clocks of its publication; empty if no time was printed or publications.toml states no time zone';

create table if not exists ops.article_redelivery (
    article_key bigint not null,
    dump_key bigint not null,
    position varchar not null,
    loaded_at timestamp not null
);

comment on table ops.article_redelivery is 'Where else a stored revision was delivered, unchanged. When the delivery that the revision is attributed to is unloaded, the first of these takes its place. Key: dump_key, position.';

comment on column ops.article_redelivery.article_key is 'The revision; see news.fact_article';

comment on column ops.article_redelivery.dump_key is 'The other delivery, or the same one if the dump repeats itself; see ops.dump';

comment on column ops.article_redelivery.position is 'Position in that dump: member, then line, row or ordinal';

comment on column ops.article_redelivery.loaded_at is 'Start of the run that found it there, UTC';

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
    kind varchar not null,
    words_seen bigint,
    words_accounted bigint
);

comment on table ops.dump_load is 'One row per delivery and run, only ever added to. articles_read = inserted + revised + unchanged + rejected. Key: run_id, dump_key.';

comment on column ops.dump_load.run_id is 'The run; see ops.load_run';

comment on column ops.dump_load.dump_key is 'The delivery; see ops.dump';

comment on column ops.dump_load.state is 'loaded; refused (the dump is at fault); failed (Broadsheet or its environment is at fault); unloaded; released (to be tried again); dismissed (not waiting any more)';

comment on column ops.dump_load.articles_declared is 'Number of articles according to the dump or its manifest; empty if neither says';

comment on column ops.dump_load.marks_seen is 'Articles counted by a scan that is independent of the parser; empty if nothing could be scanned';

comment on column ops.dump_load.articles_read is 'Articles found, readable or not';

comment on column ops.dump_load.inserted is 'Articles not known before';

comment on column ops.dump_load.revised is 'New revisions of known articles';

comment on column ops.dump_load.unchanged is 'Articles already stored in exactly this form';

comment on column ops.dump_load.rejected is 'Articles not loaded: those in ops.rejected_article, or all articles of a dump that was not loaded';

comment on column ops.dump_load.skipped is 'JSON: pieces that are not articles, counted by kind';

comment on column ops.dump_load.reason is 'Why the dump was refused or failed; otherwise any warnings';

comment on column ops.dump_load.loaded_at is 'Start of the run, UTC';

comment on column ops.dump_load.kind is 'delivery (the whole dump was processed), replay (articles rejected earlier were tried again), unload, release, dismiss or separate (articles that it had merged with others came apart)';

comment on column ops.dump_load.words_seen is 'Visible words of the dump, counted without knowing its layout (text nodes, strings, lines); empty, which means not counted, where one of its files is of a kind whose words cannot be counted, as a web archive';

comment on column ops.dump_load.words_accounted is 'Of these, the words that ended in an article, a reject or a skip; empty where they were not counted. A warning says where too many did not';

create table if not exists ops.publication (
    number integer not null,
    run_id varchar not null,
    published_at timestamp not null
);

comment on table ops.publication is 'One row per published copy of the warehouse, recorded just before the copy is made. Key: number.';

comment on column ops.publication.number is 'Number of the copy, as in its path: published/<number>/broadsheet.duckdb';

comment on column ops.publication.run_id is 'The last run included in it; see ops.load_run';

comment on column ops.publication.published_at is 'When it was published, UTC';

create table if not exists ops.quality_result (
    run_id varchar not null,
    suite varchar not null,
    expectation varchar not null,
    column_name varchar,
    severity varchar not null,
    success boolean not null,
    unexpected_count bigint,
    observed_value varchar,
    reason varchar not null,
    element_count bigint
);

comment on table ops.quality_result is 'One row per expectation per run.';

comment on column ops.quality_result.run_id is 'The run; see ops.load_run';

comment on column ops.quality_result.suite is 'Suite, named after the table or stage that it checks';

comment on column ops.quality_result.expectation is 'What was expected';

comment on column ops.quality_result.column_name is 'Column or columns it applies to';

comment on column ops.quality_result.severity is 'critical (rejects the article, refuses the dump or stops the publish), warning or info';

comment on column ops.quality_result.success is 'Whether the expectation was met';

comment on column ops.quality_result.unexpected_count is 'Rows that did not meet it';

comment on column ops.quality_result.observed_value is 'What was found instead';

comment on column ops.quality_result.reason is 'Why it is expected';

comment on column ops.quality_result.element_count is 'Rows that were checked; empty if it is not about single rows, or was checked before this was counted';

create table if not exists ops.rejected_article (
    run_id varchar not null,
    dump_key bigint not null,
    ordinal bigint,
    position varchar not null,
    stage varchar not null,
    reason varchar not null,
    quarantine_file varchar,
    replayed_at timestamp,
    dismissed_at timestamp,
    dismissed_because varchar
);

comment on table ops.rejected_article is 'One row per article that was not loaded, with the reason, and one per dump that was not loaded.';

comment on column ops.rejected_article.run_id is 'The run that rejected it; see ops.load_run';

comment on column ops.rejected_article.dump_key is 'The delivery that contained it; see ops.dump';

comment on column ops.rejected_article.ordinal is 'Position of its raw record in the quarantine file; empty if none is kept';

comment on column ops.rejected_article.position is 'Position in the dump: member, then line, row or ordinal; empty for a whole dump';

comment on column ops.rejected_article.stage is 'What rejected it: extract (the reader), normalise (the normaliser), check (the suites), load (the warehouse), takedown (it must not be loaded again), or dump if the whole dump was not loaded';

comment on column ops.rejected_article.reason is 'Why it was rejected, and what to do';

comment on column ops.rejected_article.quarantine_file is 'File below quarantine/ that holds its raw record; empty for a whole dump, and for an article that was taken down';

comment on column ops.rejected_article.replayed_at is 'When it was processed again, UTC, by a replay or with its whole dump; empty until then. If it was rejected again, a later row says why';

comment on column ops.rejected_article.dismissed_at is 'When a person decided that it need not be loaded, UTC; empty if nobody did';

comment on column ops.rejected_article.dismissed_because is 'Why it was dismissed';

create table if not exists ops.schema_version (
    version integer not null,
    fingerprint varchar not null,
    applied_at timestamp not null,
    last_run_number bigint
);

comment on table ops.schema_version is 'One row per schema change; the last row is the schema of this file. Key: version, fingerprint.';

comment on column ops.schema_version.version is 'Number of the last file in sql/migrations that was applied; 0 before the first';

comment on column ops.schema_version.fingerprint is 'SHA-256 of the CREATE and COMMENT statements applied';

comment on column ops.schema_version.applied_at is 'When it was applied, UTC; later than in any row before';

comment on column ops.schema_version.last_run_number is 'Number of the last run before it was applied; empty if there was none, or if not recorded';

create table if not exists ops.search_gap (
    article_key bigint not null
);

comment on table ops.search_gap is 'Keys of revisions that were taken out of the search index because they were removed or changed. Where there is such a revision, still or again, it goes into the next segment. Key: article_key.';

comment on column ops.search_gap.article_key is 'The key, which may be free';

create table if not exists ops.search_segment (
    segment_key bigint not null,
    revisions bigint not null,
    last_article_key bigint not null
);

comment on table ops.search_segment is 'Parts of the search index, each sorted by word. All revisions up to the last of any are in it, but for those in ops.search_gap; mart.find_articles reads the texts of these and of later ones. Key: segment_key.';

comment on column ops.search_segment.segment_key is 'Surrogate key';

comment on column ops.search_segment.revisions is 'How many revisions went into the segment';

comment on column ops.search_segment.last_article_key is 'The last of them';

create table if not exists ops.search_posting (
    segment_key bigint not null,
    term_start varchar not null,
    term varchar not null,
    hits bigint[] not null
);

comment on table ops.search_posting is 'The search index: which revisions contain each word, for mart.find_articles. Key: segment_key, term.';

comment on column ops.search_posting.segment_key is 'Part of the index; see ops.search_segment';

comment on column ops.search_posting.term_start is 'How the word begins, by which it is looked up, as mart.search_start returns it';

comment on column ops.search_posting.term is 'A word, in the form that mart.search_terms returns';

comment on column ops.search_posting.hits is 'Revisions with the word: each as twice its article_key, and one more if the word is in the headline';

create table if not exists ops.story_band (
    band uinteger not null,
    text_key bigint not null
);

comment on table ops.story_band is 'Up to 12 hashes per text, each of eight consecutive words: two texts that share one may be similar. Filled by etl/warehouse/stories.py.';

comment on column ops.story_band.band is 'The hash';

comment on column ops.story_band.text_key is 'The text; see ops.story_text';

create table if not exists ops.story_text (
    text_key bigint not null,
    body_hash varchar not null,
    shingle_count integer not null,
    sketch blob,
    leader_key bigint not null
);

comment on table ops.story_text is 'One row per distinct body among the current revisions, with what is needed to recognise similar bodies: hashes, no words. Filled by etl/warehouse/stories.py. Key: text_key. Key: body_hash.';

comment on column ops.story_text.text_key is 'Surrogate key; 0 stands for no body';

comment on column ops.story_text.body_hash is 'Hash of the cleaned body, as in news.fact_article';

comment on column ops.story_text.shingle_count is 'Number of runs of four consecutive words in the body: its length';

comment on column ops.story_text.sketch is 'Four bits of the smallest shingle in each of 128 bins, from which shared text is estimated; empty if the text is too short to be similar to another';

comment on column ops.story_text.leader_key is 'text_key of the text that leads its story: the longest text it is similar to; its own key if it leads';

create table if not exists news.article_story (
    article_id bigint not null,
    text_key bigint not null,
    story_key bigint not null,
    is_first boolean not null,
    shared_share double not null
);

comment on table news.article_story is 'The story that each article belongs to, found from the body of its current revision. Key: article_id.';

comment on column news.article_story.article_id is 'The article; the same for all its revisions';

comment on column news.article_story.text_key is 'Shared by articles with the same body; 0 if there is no body; see ops.story_text';

comment on column news.article_story.story_key is 'Shared by articles whose bodies are nearly the same; see news.dim_story';

comment on column news.article_story.is_first is 'Whether the article was the first of its story to be published; of several at the same time, the longest';

comment on column news.article_story.shared_share is 'Share of its body that is also in the first article of the story, 0 to 1, accurate to a few hundredths; 1 if the body is the same or a part of it';

create table if not exists news.dim_story (
    story_key bigint not null,
    first_published_at timestamp,
    article_count integer not null,
    publication_count integer not null,
    kind varchar not null
);

comment on table news.dim_story is 'One row per story: the articles whose bodies are nearly the same as the longest one. Key: story_key.';

comment on column news.dim_story.story_key is 'Lowest article_id in the story; 0 stands for an unknown story. It changes when stories merge (the lower key stays) or when that article leaves';

comment on column news.dim_story.first_published_at is 'When the first of its articles was published, UTC; a date without a time counts as 00:00; empty if no article is dated';

comment on column news.dim_story.article_count is 'Articles in the story';

comment on column news.dim_story.publication_count is 'Known publications that carried it';

comment on column news.dim_story.kind is 'story, or series for what recurs, such as tables and notices: what has as many repeats as publications, or more. A repeat comes four days or more after the first article of its publication, or is its fourth without a date; 100 words or more of prose, printed once more word for word, are no repeat. Fewer than 100 words that four publications have, all without a date, are a series, too. Articles whose middle half spans over 31 days are one as well';

create table if not exists ops.takedown (
    kind varchar not null,
    value varchar not null,
    reason varchar not null,
    requested_by varchar not null,
    approved_by varchar not null,
    taken_down_at timestamp not null,
    completed_at timestamp,
    samples uinteger[],
    sketch blob
);

comment on table ops.takedown is 'Keys, hashes and fingerprints of what must not be loaded again; no text. Key: kind, value.';

comment on column ops.takedown.kind is 'native_id, native_id:<source>, url, content, content_hash, or text for a body';

comment on column ops.takedown.value is 'The key or hash; of a text, the hash of its letters and digits';

comment on column ops.takedown.reason is 'Why it was taken down';

comment on column ops.takedown.requested_by is 'Who asked for it';

comment on column ops.takedown.approved_by is 'Who approved it; never the person who asked';

comment on column ops.takedown.taken_down_at is 'When it was taken down, UTC';

comment on column ops.takedown.completed_at is 'When no file of Broadsheet held any trace of it any more, UTC; empty while the takedown is unfinished';

comment on column ops.takedown.samples is 'Of a text: hashes of one in 32 of its runs of 16 letters, by which it is found inside others; see etl/normalise/tombstones.py';

comment on column ops.takedown.sketch is 'Of a short text: four bits of the smallest run of five letters in each of 128 bins, by which it is found with changes';

create table if not exists ops.takedown_dump (
    dump_key bigint not null,
    noted_at timestamp not null
);

comment on table ops.takedown_dump is 'Deliveries that contain what was taken down: as long as their files lie in the landing folder, these still hold the text. Key: dump_key.';

comment on column ops.takedown_dump.dump_key is 'The delivery; see ops.dump';

comment on column ops.takedown_dump.noted_at is 'When that was first noted, UTC: at the takedown, or when the delivery came later';

create table if not exists mart.author_count (
    author_key integer not null,
    publication_key integer not null,
    month_key integer not null,
    articles bigint not null,
    words bigint not null
);

comment on table mart.author_count is 'The counts behind mart.author_output, updated with every change to an article. Key: author_key, publication_key, month_key.';

comment on column mart.author_count.author_key is 'Author; see news.dim_author';

comment on column mart.author_count.publication_key is 'Publication; 0 is unknown; see news.dim_publication';

comment on column mart.author_count.month_key is 'Month of the date as printed, as yyyymm; 0 is unknown';

comment on column mart.author_count.articles is 'Articles with this name in the byline';

comment on column mart.author_count.words is 'Words in the bodies of these articles';

create table if not exists mart.revision_history (
    article_key bigint not null,
    previous_article_key bigint not null,
    article_id bigint not null,
    revision integer not null,
    publication_key integer not null,
    publication varchar not null,
    valid_from timestamp not null,
    hours_after_previous double not null,
    is_headline_changed boolean not null,
    is_deck_changed boolean not null,
    is_byline_changed boolean not null,
    is_body_changed boolean not null,
    words_added integer not null,
    words_removed integer not null,
    status varchar not null,
    previous_status varchar not null,
    is_date_changed boolean not null,
    loaded_at timestamp not null
);

comment on table mart.revision_history is 'One row per revision after the first: what changed since the previous one. Cancellations count as revisions. Key: article_key. Key: article_id, revision.';

comment on column mart.revision_history.article_key is 'The revision; its text is in news.article_text';

comment on column mart.revision_history.previous_article_key is 'The previous revision; its text is in news.article_text';

comment on column mart.revision_history.article_id is 'The article; the same for all its revisions';

comment on column mart.revision_history.revision is 'Number of the revision, from 1';

comment on column mart.revision_history.publication_key is 'Publication; 0 is unknown; see news.dim_publication';

comment on column mart.revision_history.publication is 'Name of the publication';

comment on column mart.revision_history.valid_from is 'When the revision became valid, UTC: when it was modified, else published, else loaded; never before the previous revision did';

comment on column mart.revision_history.hours_after_previous is 'Hours since the previous revision became valid';

comment on column mart.revision_history.is_headline_changed is 'Whether the headline changed';

comment on column mart.revision_history.is_deck_changed is 'Whether the deck changed';

comment on column mart.revision_history.is_byline_changed is 'Whether the byline changed';

comment on column mart.revision_history.is_body_changed is 'Whether the body changed';

comment on column mart.revision_history.words_added is 'Words in the body that the previous one did not have, each counted as often as it was added; in scripts without spaces, characters';

comment on column mart.revision_history.words_removed is 'Words in the previous body that this one does not have, each counted as often as it was removed; in scripts without spaces, characters';

comment on column mart.revision_history.status is 'usable, corrected, canceled, withheld or embargoed';

comment on column mart.revision_history.previous_status is 'Status of the previous revision';

comment on column mart.revision_history.is_date_changed is 'Whether the date or time of publication changed';

comment on column mart.revision_history.loaded_at is 'Start of the run that loaded it, UTC';

create table if not exists mart.story_article (
    story_key bigint not null,
    place integer not null,
    article_id bigint not null,
    publication_key integer not null,
    publication varchar not null,
    published_at timestamp,
    published_date_key integer not null,
    published_date date,
    shared_share double not null,
    kind varchar not null
);

comment on table mart.story_article is 'The articles of every story that at least two of them carry, in order of publication. Canceled articles do not count. Key: article_id. Key: story_key, place.';

comment on column mart.story_article.story_key is 'The story; see news.dim_story';

comment on column mart.story_article.place is 'Place in the order of publication, from 1; a date without a time counts as 00:00; unknown dates come last; ties stay in load order';

comment on column mart.story_article.article_id is 'The article; the same for all its revisions';

comment on column mart.story_article.publication_key is 'Publication; 0 is unknown; see news.dim_publication';

comment on column mart.story_article.publication is 'Name of the publication';

comment on column mart.story_article.published_at is 'When the article was published, UTC; empty if no time was printed';

comment on column mart.story_article.published_date_key is 'Date as printed (local to the source), as yyyymmdd; 0 is unknown; see news.dim_date';

comment on column mart.story_article.published_date is 'Date as printed (local to the source); empty if unknown';

comment on column mart.story_article.shared_share is 'Share of its body that is also in the first article of the story, 0 to 1, accurate to a few hundredths';

comment on column mart.story_article.kind is 'Kind of the story: story, or series for what recurs, such as tables and notices';

create table if not exists mart.daily_count (
    publication_key integer not null,
    published_date_key integer not null,
    articles bigint not null,
    partial_articles bigint not null,
    copies bigint not null,
    words bigint not null
);

comment on table mart.daily_count is 'The counts behind mart.daily_volume, updated with every change to an article. Key: publication_key, published_date_key.';

comment on column mart.daily_count.publication_key is 'Publication; 0 is unknown; see news.dim_publication';

comment on column mart.daily_count.published_date_key is 'Date as printed (local to the source), as yyyymmdd; 0 is unknown; see news.dim_date';

comment on column mart.daily_count.articles is 'Articles, including excerpts and copies';

comment on column mart.daily_count.partial_articles is 'Of these, excerpts or summaries only';

comment on column mart.daily_count.copies is 'Of these, articles whose story an earlier article had already carried, in any publication; see place in mart.story_article. What recurs as a series is no copy';

comment on column mart.daily_count.words is 'Words in the bodies of these articles';

create table if not exists mart.syndication (
    story_key bigint not null,
    publication_key integer not null,
    publication varchar not null,
    articles integer not null,
    first_article_id bigint not null,
    published_at timestamp,
    published_date_key integer not null,
    published_date date,
    is_first boolean,
    first_publication varchar,
    days_after_first integer,
    hours_after_first double,
    shared_share double
);

comment on table mart.syndication is 'One row per story and publication that carried it, for stories in at least two known publications, without series: who was first, who followed and how much later. Nothing is guessed: values are empty where dates and times do not settle them. Key: story_key, publication_key.';

comment on column mart.syndication.story_key is 'The story; see news.dim_story';

comment on column mart.syndication.publication_key is 'Publication; see news.dim_publication';

comment on column mart.syndication.publication is 'Name of the publication';

comment on column mart.syndication.articles is 'Its articles that carry the story';

comment on column mart.syndication.first_article_id is 'The first of these articles; article_id in mart.article';

comment on column mart.syndication.published_at is 'When that article was published, UTC; empty if no time was printed';

comment on column mart.syndication.published_date_key is 'Date of that article as printed (local to the source), as yyyymmdd; 0 is unknown; see news.dim_date';

comment on column mart.syndication.published_date is 'Date of that article as printed (local to the source); empty if unknown';

comment on column mart.syndication.is_first is 'Whether no other publication carried the story earlier; empty where dates and times do not settle it; undated articles are not considered';

comment on column mart.syndication.first_publication is 'Publication that carried it first; empty where that cannot be determined; one of them if several did at the same instant';

comment on column mart.syndication.days_after_first is 'Days from the earliest date printed in any publication to its own; empty if it has no date';

comment on column mart.syndication.hours_after_first is 'Hours after the first publication; empty if either of them printed no time';

comment on column mart.syndication.shared_share is 'Share of the body of that article that is also in the first article of the story, 0 to 1, accurate to a few hundredths';

create table if not exists mart.topic_count (
    topic_key integer not null,
    publication_key integer not null,
    month_key integer not null,
    articles bigint not null,
    words bigint not null
);

comment on table mart.topic_count is 'The counts behind mart.topic_output, updated with every change to an article. Labels that are one topic count once. Key: topic_key, publication_key, month_key.';

comment on column mart.topic_count.topic_key is 'Topic, by same_as_key of its labels; see news.dim_topic';

comment on column mart.topic_count.publication_key is 'Publication; 0 is unknown; see news.dim_publication';

comment on column mart.topic_count.month_key is 'Month of the date as printed, as yyyymm; 0 is unknown';

comment on column mart.topic_count.articles is 'Articles on this topic';

comment on column mart.topic_count.words is 'Words in the bodies of these articles';

create or replace view news.topic as
select
    same_as_key as topic_key,
    any_value(kind) as kind,
    coalesce(min(topic_name) filter (topic_name <> upper(topic_name)), min(topic_name)) as name
from news.dim_topic
group by same_as_key;

comment on view news.topic is 'One row per topic: labels of the same kind and name are one. Key: topic_key.';

comment on column news.topic.topic_key is 'Topic; same_as_key of its labels in news.dim_topic';

comment on column news.topic.kind is 'What the topic is: subject, person, place, organisation, event, form (such as a genre), slug, collection or code';

comment on column news.topic.name is 'Name; of several spellings, one that is not all capitals, and of these the first in the alphabet';

create or replace view news.topic_scheme as
select
    unnest(string_split(schemes, ' ')) as scheme,
    kind
from
    (
        values
        ('person', 'person persons people personality per apperson'),
        (
            'place',
            'place places location locations loc geographic geography glocations gpe city state country region poi '
            || 'geoarea apgeography dpaarea dpacountry sttlocationalias'
        ),
        (
            'organisation',
            'organisation organisations organization organizations orgs org company companies co exchanges apcompany '
            || 'aporganization'
        ),
        ('event', 'event events stt-events'),
        (
            'form',
            'genre type property dpatextgenre sttgenre sttversion sttdescription sttdepartment object.title'
        ),
        ('slug', 'slugline'),
        ('collection', 'collection products'),
        (
            'code',
            'ticker mcc mccl occ ric a1312cat apcategorycode cat sttdone1 stt-topics fieg_categories uri'
        )
    ) as listed (kind, schemes);

comment on view news.topic_scheme is 'The kind of topic that each vocabulary holds, of those that hold no subjects. Key: scheme.';

comment on column news.topic_scheme.scheme is 'Vocabulary, in small letters; compare scheme in news.dim_topic';

comment on column news.topic_scheme.kind is 'person, place, organisation, event, form (such as a genre), slug, collection or code; vocabularies that are not listed hold subjects';

create or replace view ops.dump_status as
with
numbered as (
    select
        dump_load.dump_key,
        dump_load.run_id,
        coalesce(load_run.run_number, 0) as run_number,
        dump_load.state,
        dump_load.kind,
        dump_load.reason,
        dump_load.inserted + dump_load.revised + dump_load.unchanged as passed
    from ops.dump_load
    left join ops.load_run on load_run.run_id = dump_load.run_id
),

decided as (
    select
        dump_key,
        count(*) filter (kind = 'delivery') as attempts,
        arg_max(state, run_number) filter (kind <> 'replay') as last_state,
        arg_max(run_id, run_number) filter (kind in ('delivery', 'unload')) as counted_run_id,
        coalesce(max(run_number) filter (kind in ('unload', 'release')), -1) as released_in,
        coalesce(sum(passed) filter (kind = 'replay'), 0)::bigint as replayed
    from numbered
    group by dump_key
),

upgraded as (
    select coalesce(max(last_run_number), -1) as upgraded_after from ops.schema_version
),

failures as (
    select
        numbered.dump_key,
        count(*) as failures
    from numbered
    inner join decided on decided.dump_key = numbered.dump_key
    cross join upgraded
    where
        numbered.kind = 'delivery'
        and (
            numbered.state = 'refused'
            or (
                numbered.state = 'failed'
                and numbered.reason like '%this is a fault of Broadsheet%'
                and numbered.run_number > upgraded.upgraded_after
            )
        )
        and numbered.run_number > decided.released_in
    group by numbered.dump_key
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
        when decided.last_state in ('refused', 'failed') and failures.failures >= 3 then 'parked'
        else decided.last_state
    end as state,
    coalesce(decided.attempts, 0) as attempts,
    dump_load.articles_declared,
    dump_load.marks_seen,
    dump_load.words_seen,
    dump_load.words_accounted,
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
left join failures on failures.dump_key = dump.dump_key
left join replaced on replaced.source = dump.source and replaced.path = dump.path
left join ops.dump_load on dump_load.dump_key = dump.dump_key and dump_load.run_id = decided.counted_run_id;

comment on view ops.dump_status is 'One row per delivery with its last load. Key: dump_key.';

comment on column ops.dump_status.dump_key is 'Surrogate key of the delivery';

comment on column ops.dump_status.path is 'Path below the landing folder; the full path if the file is elsewhere';

comment on column ops.dump_status.source is 'Feed it belongs to; ad_hoc if none';

comment on column ops.dump_status.format is 'Format in which it was first read';

comment on column ops.dump_status.state is 'new (or released), loaded, refused, failed, parked (refused three times, or stopped three times by a fault of Broadsheet: not tried again until released), unloaded or dismissed';

comment on column ops.dump_status.attempts is 'Number of runs that tried to load it';

comment on column ops.dump_status.articles_declared is 'Number of articles according to the dump or its manifest; empty if neither says';

comment on column ops.dump_status.marks_seen is 'Articles counted by a scan that is independent of the parser; empty if nothing could be scanned';

comment on column ops.dump_status.words_seen is 'Visible words of the dump in its last load; empty where they were not counted, as in web archives';

comment on column ops.dump_status.words_accounted is 'Of these, the words that ended in an article, a reject or a skip; empty where they were not counted';

comment on column ops.dump_status.articles_read is 'Articles found in the last load, readable or not';

comment on column ops.dump_status.inserted is 'Articles not known before the last load';

comment on column ops.dump_status.revised is 'New revisions of known articles in the last load';

comment on column ops.dump_status.unchanged is 'Articles already stored in exactly this form before the last load';

comment on column ops.dump_status.rejected is 'Articles not loaded in the last load';

comment on column ops.dump_status.skipped is 'JSON: pieces that are not articles, counted by kind';

comment on column ops.dump_status.reason is 'Why the dump was refused or failed; otherwise any warnings';

comment on column ops.dump_status.run_id is 'Run of the last load';

comment on column ops.dump_status.loaded_at is 'Start of that run, UTC';

comment on column ops.dump_status.sha256 is 'SHA-256 of the file; empty if it could not be read';

comment on column ops.dump_status.manifest_sha256 is 'SHA-256 of what its manifest or a form stated about it; empty if nothing was stated';

comment on column ops.dump_status.replayed is 'Articles that were rejected at first and loaded by a later replay';

comment on column ops.dump_status.is_replaced is 'Whether a later delivery of the same path is loaded: the dump was corrected, and this delivery is superseded';

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
    and rejected_article.dismissed_at is null
    and rejected_article.stage <> 'dump'
    and rejected_article.reason <> 'taken down'
    and (rejected_article.stage <> 'takedown' or starts_with(rejected_article.reason, 'it is like '))
    and dump_status.state = 'loaded';

comment on view ops.open_rejection is 'Rejected articles of loaded dumps that are waiting for a person, most of them to be replayed. Key: run_id, dump_key, position.';

comment on column ops.open_rejection.run_id is 'The run that rejected it';

comment on column ops.open_rejection.dump_key is 'The delivery that contained it';

comment on column ops.open_rejection.path is 'Path below the landing folder; the full path if the file is elsewhere';

comment on column ops.open_rejection.source is 'Feed of the delivery; ad_hoc if none';

comment on column ops.open_rejection.ordinal is 'Position of its raw record in the quarantine file; empty if none is kept';

comment on column ops.open_rejection.position is 'Position in the dump: member, then line, row or ordinal';

comment on column ops.open_rejection.stage is 'What rejected it: extract (the reader), normalise (the normaliser), check (the suites), load (the warehouse) or takedown (it is like an article that was taken down)';

comment on column ops.open_rejection.reason is 'Why it was rejected, and what to do';

comment on column ops.open_rejection.quarantine_file is 'File below quarantine/ that holds its raw record; empty for what is like an article that was taken down';

create or replace view mart.article_revision as
select
    fact_article.article_key,
    fact_article.article_id,
    fact_article.revision,
    fact_article.is_current,
    fact_article.valid_from,
    fact_article.valid_to,
    dim_publication.publication_name as publication,
    dim_publication.country_code,
    article_text.headline,
    article_text.deck,
    article_text.dateline,
    article_text.body,
    coalesce(
        (
            select list(dim_author.author_name order by bridge_article_author.position)
            from news.bridge_article_author
            inner join news.dim_author on dim_author.author_key = bridge_article_author.author_key
            where bridge_article_author.article_key = fact_article.article_key
        ),
        []
    ) as authors,
    labelled.topics,
    labelled.people,
    labelled.places,
    labelled.organisations,
    fact_article.agency,
    dim_language.language_code,
    dim_section.section_name as section,
    fact_article.page,
    fact_article.edition,
    fact_article.published_at,
    fact_article.published_local,
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
cross join lateral (
    select
        coalesce(list(topic.name order by topic.name) filter (topic.kind = 'subject'), []) as topics,
        coalesce(list(topic.name order by topic.name) filter (topic.kind = 'person'), []) as people,
        coalesce(list(topic.name order by topic.name) filter (topic.kind = 'place'), []) as places,
        coalesce(list(topic.name order by topic.name) filter (topic.kind = 'organisation'), []) as organisations
    from (
        select distinct
            named.topic_key,
            named.kind,
            named.name
        from news.bridge_article_topic
        inner join news.dim_topic on dim_topic.topic_key = bridge_article_topic.topic_key
        inner join news.topic as named on named.topic_key = dim_topic.same_as_key
        where bridge_article_topic.article_key = fact_article.article_key
    ) as topic
) as labelled;

comment on view mart.article_revision is 'One wide row per revision of an article, including cancellations, with every key resolved. Key: article_key. Key: article_id, revision.';

comment on column mart.article_revision.article_key is 'Surrogate key of the revision; bodies are stored in this order';

comment on column mart.article_revision.article_id is 'The article; the same for all its revisions';

comment on column mart.article_revision.revision is 'Number of the revision, from 1';

comment on column mart.article_revision.is_current is 'Whether this is the last revision of the article';

comment on column mart.article_revision.valid_from is 'When the revision became valid, UTC: when it was modified, else published, else loaded; never before the previous revision did';

comment on column mart.article_revision.valid_to is 'When the next revision replaced it, UTC; empty while current';

comment on column mart.article_revision.publication is 'Name of the publication; unknown if the dump gives none';

comment on column mart.article_revision.country_code is 'Country of the publication, as an ISO 3166-1 alpha-2 code; the last one stated';

comment on column mart.article_revision.headline is 'Headline';

comment on column mart.article_revision.deck is 'Deck, also called subheadline or standfirst';

comment on column mart.article_revision.dateline is 'Dateline as printed';

comment on column mart.article_revision.body is 'Body, with an empty line between paragraphs; empty if a partial or canceled article has no text';

comment on column mart.article_revision.authors is 'Names of the people in the byline, in order';

comment on column mart.article_revision.topics is 'Subjects among the labels that the dump gives, each once, spelled as in news.topic; other labels stand in news.bridge_article_topic only';

comment on column mart.article_revision.people is 'People among the labels that the dump gives, each once';

comment on column mart.article_revision.places is 'Places among the labels that the dump gives, each once';

comment on column mart.article_revision.organisations is 'Companies and other organisations among the labels that the dump gives, each once';

comment on column mart.article_revision.agency is 'News agencies credited in the byline or by the dump';

comment on column mart.article_revision.language_code is 'ISO 639-1 code; und if undetermined';

comment on column mart.article_revision.section is 'Section; unknown if the dump gives none';

comment on column mart.article_revision.page is 'Page as printed';

comment on column mart.article_revision.edition is 'Edition as printed';

comment on column mart.article_revision.published_at is 'When the article was published, UTC; empty if no time was printed';

comment on column mart.article_revision.published_local is 'When the article was published, by the clocks of its publication; empty if no time was printed or publications.toml states no time zone';

comment on column mart.article_revision.published_date is 'Date as printed (local to the source); empty if unknown';

comment on column mart.article_revision.published_date_key is 'Date as printed (local to the source), as yyyymmdd; 0 is unknown';

comment on column mart.article_revision.date_basis is 'Where the date comes from: native (the article), manifest, path, inferred or unknown';

comment on column mart.article_revision.date_precision is 'How precisely the date is known: second, minute, hour, day, month, year or unknown';

comment on column mart.article_revision.modified_at is 'When the article was last changed, according to the dump, UTC';

comment on column mart.article_revision.status is 'usable, corrected, canceled, withheld or embargoed';

comment on column mart.article_revision.embargo_until is 'Not to be published before this time, UTC';

comment on column mart.article_revision.is_partial is 'Whether the article is only an excerpt or summary';

comment on column mart.article_revision.url is 'Web address without tracking parameters';

comment on column mart.article_revision.native_id is 'Id given by the dump';

comment on column mart.article_revision.source is 'Feed that delivered the revision';

comment on column mart.article_revision.word_count is 'Words in the body; in scripts without spaces, characters';

comment on column mart.article_revision.story_key is 'Shared by articles whose bodies are nearly the same; may change as others arrive; see news.dim_story';

comment on column mart.article_revision.loaded_at is 'Start of the run that loaded it, UTC';

create or replace view mart.article as
select article_revision.* exclude (is_current, valid_from, valid_to)
from mart.article_revision
where article_revision.is_current and article_revision.status <> 'canceled';

comment on view mart.article is 'One wide row per article that has not been canceled, in its current revision: start here. Key: article_id.';

comment on column mart.article.article_key is 'Surrogate key of the revision, the same in every published copy; bodies are stored in this order';

comment on column mart.article.article_id is 'The article; the same for all its revisions and in every published copy';

comment on column mart.article.revision is 'Number of the revision, from 1';

comment on column mart.article.topics is 'Subjects among the labels that the dump gives, each once; filter with list_contains(topics, ''trams''); an empty list if there are none';

comment on column mart.article.status is 'usable, corrected, withheld or embargoed';

comment on column mart.article.publication is 'Name of the publication; unknown if the dump gives none';

comment on column mart.article.country_code is 'Country of the publication, as an ISO 3166-1 alpha-2 code; the last one stated';

comment on column mart.article.headline is 'Headline';

comment on column mart.article.deck is 'Deck, also called subheadline or standfirst';

comment on column mart.article.dateline is 'Dateline as printed';

comment on column mart.article.body is 'Body, with an empty line between paragraphs; empty if a partial or canceled article has no text';

comment on column mart.article.authors is 'Names of the people in the byline, in order';

comment on column mart.article.people is 'People among the labels that the dump gives, each once';

comment on column mart.article.places is 'Places among the labels that the dump gives, each once';

comment on column mart.article.organisations is 'Companies and other organisations among the labels that the dump gives, each once';

comment on column mart.article.agency is 'News agencies credited in the byline or by the dump';

comment on column mart.article.language_code is 'ISO 639-1 code; und if undetermined';

comment on column mart.article.section is 'Section; unknown if the dump gives none';

comment on column mart.article.page is 'Page as printed';

comment on column mart.article.edition is 'Edition as printed';

comment on column mart.article.published_at is 'When the article was published, UTC; empty if no time was printed';

comment on column mart.article.published_local is 'When the article was published, by the clocks of its publication; empty if no time was printed or publications.toml states no time zone';

comment on column mart.article.published_date is 'Date as printed (local to the source); empty if unknown';

comment on column mart.article.published_date_key is 'Date as printed (local to the source), as yyyymmdd; 0 is unknown';

comment on column mart.article.date_basis is 'Where the date comes from: native (the article), manifest, path, inferred or unknown';

comment on column mart.article.date_precision is 'How precisely the date is known: second, minute, hour, day, month, year or unknown';

comment on column mart.article.modified_at is 'When the article was last changed, according to the dump, UTC';

comment on column mart.article.embargo_until is 'Not to be published before this time, UTC';

comment on column mart.article.is_partial is 'Whether the article is only an excerpt or summary';

comment on column mart.article.url is 'Web address without tracking parameters';

comment on column mart.article.native_id is 'Id given by the dump';

comment on column mart.article.source is 'Feed that delivered the revision';

comment on column mart.article.word_count is 'Words in the body; in scripts without spaces, characters';

comment on column mart.article.story_key is 'Shared by articles whose bodies are nearly the same; may change as others arrive; see news.dim_story';

comment on column mart.article.loaded_at is 'Start of the run that loaded it, UTC';

create or replace macro mart.article_as_of(instant, known_at := 'infinity'::timestamp) as table
with
arrivals as (
    select
        started_at,
        max(started_at) over (order by run_number) as known_since
    from ops.load_run
),

valid as (
    select
        fact_article.article_id,
        max(fact_article.revision) as revision
    from news.fact_article
    left join arrivals on arrivals.started_at = fact_article.loaded_at
    where fact_article.valid_from <= instant and coalesce(arrivals.known_since, fact_article.loaded_at) <= known_at
    group by fact_article.article_id
)

select article_revision.* exclude (is_current, valid_to)
from mart.article_revision
semi join valid on valid.article_id = article_revision.article_id and valid.revision = article_revision.revision
where article_revision.status <> 'canceled';

comment on macro table mart.article_as_of is 'Articles as they were valid at a given time, UTC: from mart.article_as_of(timestamp ''2026-03-14 12:00:00''). Add known_at := a timestamp to use only the revisions that the warehouse had loaded by then. Columns as in mart.article, plus valid_from. Articles that had been canceled by then are left out. In an attached file, run USE first.';

create or replace view mart.author_output as
select
    author_count.author_key,
    dim_author.author_name as author,
    author_count.publication_key,
    dim_publication.publication_name as publication,
    author_count.month_key,
    strptime(nullif(author_count.month_key, 0)::varchar, '%Y%m')::date as month,
    author_count.articles,
    author_count.words
from mart.author_count
inner join news.dim_author on dim_author.author_key = author_count.author_key
inner join news.dim_publication on dim_publication.publication_key = author_count.publication_key;

comment on view mart.author_output is 'One row per author, publication and month. An article by two authors counts for both; canceled articles do not count. Key: author_key, publication_key, month_key.';

comment on column mart.author_output.author_key is 'Author';

comment on column mart.author_output.author is 'Name, without "By", role, agency or e-mail address';

comment on column mart.author_output.publication_key is 'Publication; 0 is unknown';

comment on column mart.author_output.publication is 'Name of the publication';

comment on column mart.author_output.month_key is 'Month of the date as printed, as yyyymm; 0 is unknown';

comment on column mart.author_output.month is 'First day of that month; empty if unknown';

comment on column mart.author_output.articles is 'Articles with this name in the byline';

comment on column mart.author_output.words is 'Words in the bodies of these articles';

create or replace view mart.data_quality as
with
results as (
    select
        quality_result.run_id,
        load_run.run_number,
        load_run.started_at,
        quality_result.suite,
        quality_result.expectation,
        quality_result.column_name,
        quality_result.severity,
        quality_result.reason,
        quality_result.success,
        quality_result.observed_value,
        coalesce(quality_result.unexpected_count, (not quality_result.success)::bigint) as unexpected
    from ops.quality_result
    inner join ops.load_run on load_run.run_id = quality_result.run_id
),

compared as (
    select
        run_id,
        run_number,
        started_at,
        suite,
        expectation,
        column_name,
        severity,
        reason,
        success,
        observed_value,
        unexpected,
        lag(unexpected) over by_run as unexpected_before,
        count(*) over last_ten as runs,
        count(*) filter (not success) over last_ten as runs_unmet
    from results
    window
        by_run as (
            partition by suite, expectation, column_name, severity, reason
            order by run_number
        ),
        last_ten as (
            partition by suite, expectation, column_name, severity, reason
            order by run_number
            rows between 9 preceding and current row
        )
)

select
    run_id,
    run_number,
    started_at,
    suite,
    expectation,
    column_name,
    severity,
    reason,
    success as is_met,
    unexpected,
    unexpected_before,
    case
        when unexpected_before is null then 'first'
        when unexpected > unexpected_before then 'worse'
        when unexpected < unexpected_before then 'better'
        else 'same'
    end as trend,
    runs_unmet,
    runs,
    observed_value
from compared;

comment on view mart.data_quality is 'One row per expectation and run, compared with the previous run and the last ten runs.';

comment on column mart.data_quality.run_id is 'The run';

comment on column mart.data_quality.run_number is 'Place in the order in which the runs changed something, whatever the clock said; the last run has the highest';

comment on column mart.data_quality.started_at is 'Start of the run, UTC';

comment on column mart.data_quality.suite is 'Suite, named after the table or stage that it checks';

comment on column mart.data_quality.expectation is 'What was expected';

comment on column mart.data_quality.column_name is 'Column or columns it applies to';

comment on column mart.data_quality.severity is 'critical (rejects the article, refuses the dump or stops the publish), warning or info';

comment on column mart.data_quality.reason is 'Why it is expected';

comment on column mart.data_quality.is_met is 'Whether the expectation was met';

comment on column mart.data_quality.unexpected is 'Rows that did not meet it; if rows cannot be counted, 1 if it was not met';

comment on column mart.data_quality.unexpected_before is 'The same number in the previous run; empty in the first run';

comment on column mart.data_quality.trend is 'first, same, better or worse, compared with the previous run';

comment on column mart.data_quality.runs_unmet is 'In how many of the last ten runs, including this one, it was not met';

comment on column mart.data_quality.runs is 'How many runs that covers; fewer than ten at the beginning';

comment on column mart.data_quality.observed_value is 'What was found instead';

create or replace view mart.load_history as
with
counted as (
    select
        dump_load.run_id,
        count(*) as dumps,
        count(*) filter (dump_load.state = 'refused') as dumps_refused,
        count(*) filter (dump_load.state = 'failed') as dumps_failed,
        sum(dump_load.articles_read)::bigint as articles_read,
        sum(dump_load.inserted)::bigint as inserted,
        sum(dump_load.revised)::bigint as revised,
        sum(dump_load.unchanged)::bigint as unchanged,
        sum(dump_load.rejected)::bigint as rejected,
        list(dump.path || ': ' || dump_load.reason order by dump.path)
            filter (dump_load.state in ('refused', 'failed')) as not_loaded
    from ops.dump_load
    inner join ops.dump on dump.dump_key = dump_load.dump_key
    group by dump_load.run_id
),

carried as (
    select
        load_run.run_id,
        min(publication.published_at) as published_at
    from ops.load_run
    inner join ops.load_run as last_run on last_run.run_number >= load_run.run_number
    inner join ops.publication on publication.run_id = last_run.run_id
    group by load_run.run_id
)

select
    load_run.run_id,
    load_run.run_number,
    load_run.trigger,
    load_run.started_at,
    load_run.finished_at,
    date_diff('second', load_run.started_at, load_run.finished_at) as seconds,
    load_run.state,
    carried.published_at,
    coalesce(counted.dumps, 0) as dumps,
    coalesce(counted.dumps_refused, 0) as dumps_refused,
    coalesce(counted.dumps_failed, 0) as dumps_failed,
    coalesce(counted.articles_read, 0) as articles_read,
    coalesce(counted.inserted, 0) as inserted,
    coalesce(counted.revised, 0) as revised,
    coalesce(counted.unchanged, 0) as unchanged,
    coalesce(counted.rejected, 0) as rejected,
    coalesce(counted.not_loaded, []) as not_loaded
from ops.load_run
left join counted on counted.run_id = load_run.run_id
left join carried on carried.run_id = load_run.run_id;

comment on view mart.load_history is 'One row per run that changed something: what it read, what became of it and when analysts could see it. Key: run_id.';

comment on column mart.load_history.run_id is 'The run';

comment on column mart.load_history.run_number is 'Place in the order in which the runs changed something, whatever the clock said; the last run has the highest';

comment on column mart.load_history.trigger is 'What started it: schedule, manual, command_line or backfill; or what it did: replay, unload, release, dismiss, renormalise, separate, takedown or maintenance';

comment on column mart.load_history.started_at is 'Start of the run, UTC; the loaded_at of everything it loaded';

comment on column mart.load_history.finished_at is 'End of its verification, UTC; empty until then';

comment on column mart.load_history.seconds is 'Seconds from started_at to finished_at';

comment on column mart.load_history.state is 'loading until verified; then verified, or failed if the suites refused it';

comment on column mart.load_history.published_at is 'When a published copy first included it, UTC; empty until then';

comment on column mart.load_history.dumps is 'Deliveries that the run processed';

comment on column mart.load_history.dumps_refused is 'Of these, refused: the dump is at fault';

comment on column mart.load_history.dumps_failed is 'Of these, failed: Broadsheet or its environment is at fault';

comment on column mart.load_history.articles_read is 'Articles found, readable or not';

comment on column mart.load_history.inserted is 'Articles not known before';

comment on column mart.load_history.revised is 'New revisions of known articles';

comment on column mart.load_history.unchanged is 'Articles already stored in exactly this form';

comment on column mart.load_history.rejected is 'Articles not loaded';

comment on column mart.load_history.not_loaded is 'Each delivery that was refused or failed, with the reason';

create or replace macro mart.search_both(one, other) as
    case
        when len(one) * len(other) > 64
        then error('the question has more than 64 combinations of alternatives; ask it in several questions')
        else flatten(
            list_transform(one, lambda clause: list_transform(other, lambda more: list_concat(clause, more)))
        )
    end;

comment on macro mart.search_both is 'Two lists of clauses as one that holds where both hold: every clause of the one with every clause of the other. A clause is a list of parts that must all hold.';

create or replace macro mart.search_closed(state) as
    case
        when len(state.negated) > 0
        then error('there is a ( without a ) after it')
        when state.current[1] = [[]::varchar[]]
        then []
        when len(list_filter(state.current[1], lambda clause: len(list_filter(clause, lambda part: not starts_with(part, '-'))) = 0)) > 0
        then error('a minus sign or NOT excludes; there must be, on each side of an OR, at least one word that is wanted')
        else state.current[1]
    end;

comment on macro mart.search_closed is 'The clauses of a question that was read to its end by mart.search_clauses; none of an empty question. Raises an error where a parenthesis is open or nothing is wanted.';

create or replace macro mart.search_hangul() as '\x{1100}-\x{11FF}\x{3131}-\x{318E}\x{A960}-\x{A97C}\x{AC00}-\x{D7FB}\x{FFA1}-\x{FFDC}';

comment on macro mart.search_hangul is 'The letters of Korean, as a class of characters of a regular expression.';

create or replace macro mart.search_joined(pieces, separator) as coalesce(list_aggregate(pieces, 'string_agg', separator), '');

comment on macro mart.search_joined is 'Pieces of a text as one, with the separator between them.';

create or replace macro mart.search_marks() as '\x{135D}-\x{135F}\x{180B}-\x{180F}\x{20D0}-\x{20F0}\x{2CEF}-\x{2CF1}\x{2D7F}\x{2DE0}-\x{2DFF}\x{302A}-\x{302F}\x{FB1E}\x{FE00}-\x{FE0F}\x{FE20}-\x{FE2F}\x{E0100}-\x{E01EF}';

comment on macro mart.search_marks is 'Variation selectors, and marks that enclose a character or stand beside it, as a class of characters of a regular expression.';

create or replace macro mart.search_not(part) as if(starts_with(part, '-'), substring(part, 2), '-' || part);

comment on macro mart.search_not is 'The opposite of a part of a question: with a minus sign before it where it had none, and without it where it had one.';

create or replace macro mart.search_neither(clauses) as
    case
        when list_product(list_transform(clauses, lambda clause: len(clause))) > 64
        then error('the question has more than 64 combinations of alternatives; ask it in several questions')
        else list_reduce(
            list_transform(clauses, lambda clause: list_transform(clause, lambda part: [mart.search_not(part)])),
            lambda one, other: mart.search_both(one, other)
        )
    end;

comment on macro mart.search_neither is 'The clauses that hold where none of the given ones does.';

create or replace macro mart.search_signs() as
    '\x00-/:-@\[-`{-\x{A9}\x{AB}-\x{B1}\x{B4}\x{B6}-\x{B8}\x{BB}\x{BF}\x{D7}\x{F7}\x{2C2}-\x{2C5}\x{2D2}-\x{2DF}\x{37E}\x{387}'
    || '\x{55A}-\x{55F}\x{589}-\x{58F}\x{5BE}\x{5C0}\x{5C3}\x{5C6}\x{5F3}\x{5F4}\x{600}-\x{60F}\x{61B}-\x{61F}\x{66A}-\x{66D}\x{6D4}'
    || '\x{700}-\x{70D}\x{964}\x{965}\x{970}\x{9F2}\x{9F3}\x{AF1}\x{DF4}\x{E3F}\x{E4F}\x{E5A}\x{E5B}\x{F01}-\x{F17}\x{104A}-\x{104F}'
    || '\x{10FB}\x{1361}-\x{1368}\x{17D4}-\x{17D6}\x{17D8}-\x{17DB}\x{1800}-\x{180A}\x{2000}-\x{2BFF}\x{2E00}-\x{2E7F}\x{3000}-\x{3004}'
    || '\x{3008}-\x{3020}\x{3030}\x{303D}-\x{303F}\x{309B}\x{309C}\x{30A0}\x{30FB}\x{3200}-\x{33FF}\x{E000}-\x{F8FF}\x{FD3E}\x{FD3F}'
    || '\x{FE00}-\x{FE1F}\x{FE30}-\x{FE6F}\x{FEFF}-\x{FF0F}\x{FF1A}-\x{FF20}\x{FF3B}-\x{FF40}\x{FF5B}-\x{FF65}\x{FFE0}-\x{10000}'
    || '\x{1F000}-\x{1FAFF}';

comment on macro mart.search_signs is 'What is no part of a word in a search, as a class of characters of a regular expression: spaces, punctuation, currencies, symbols, emoji.';

create or replace macro mart.search_pattern(words, is_beginning) as
    if(regexp_matches(words[1], '^[.+-]'), '(?s)(^|[' || mart.search_signs() || '])', '(?s)([0-9][.,]|.?)')
    || mart.search_joined(
        list_transform(
            words,
            lambda word: regexp_replace(
                regexp_escape(word), '([0-9])(\\?[\p{Sc}%‰°])$|^(\\?\p{Sc})([0-9])', '\1\3 ?\2\4'
            )
        ),
        '[' || mart.search_signs() || ']+'
    )
    || if(is_beginning, '()', '([.,][0-9]|.?)');

comment on macro mart.search_pattern is 'The regular expression of words that mart.search_as_written has returned, with nothing but signs between them, and a space at most between a number and its currency, per cent or degree.';

create or replace macro mart.search_straightened(question) as
    regexp_replace(
        translate(
            nfc_normalize(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            coalesce(question, ''),
                            '[\x0B\x1C-\x1F\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]',
                            ' ',
                            'g'
                        ),
                        '[\x00-\x08\x0E-\x1B\x7F-\x{9F}\x{AD}\x{61C}\x{180E}\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FEFF}\x{FFF9}-\x{FFFB}\x{FFFE}\x{FFFF}]',
                        '',
                        'g'
                    ),
                    '(^|[^\x{600}-\x{8FF}\x{900}-\x{DFF}\x{F00}-\x{109F}\x{1780}-\x{18AF}\x{2190}-\x{2BFF}\x{FE0F}\x{1F000}-\x{1FAFF}])[\x{200C}\x{200D}]+',
                    '\1',
                    'g'
                )
            ),
            '“”„‟«»＂（）',
            '"""""""()'
        ),
        '(^|[\s(])[–—−]([^\s])',
        '\1-\2',
        'g'
    );

comment on macro mart.search_straightened is 'A question without characters that nobody sees, with plain spaces, straight quotation marks and parentheses for typographic ones, and a minus sign for a long dash before a word.';

create or replace macro mart.search_unmarked(text) as
    case
        when strlen(text) = length(text) or not regexp_matches(text, '[' || mart.search_marks() || ']')
        then text
        else regexp_replace(text, '[' || mart.search_marks() || ']', '', 'g')
    end;

comment on macro mart.search_unmarked is 'A text without variation selectors and marks that enclose a character or stand beside it, as in keycap digits and in names such as 葛󠄀城, which are written with and without.';

create or replace macro mart.search_folded(text) as
    case
        when text is null then ''
        when strlen(text) = length(text) then lower(text)
        when not regexp_matches(text, '[^\x00-\x7F\x{2010}-\x{203A}]') then translate(lower(text), '’‘‐‑‒–—', '''''-----')
        else translate(
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
                lower(
                    case
                        when not regexp_matches(text, '[\x{400}-\x{52F}\x{900}-\x{1DFF}\x{3040}-\x{30FF}\x{A640}-\x{ABFF}\x{E000}-\x{F8FF}\x{10000}-\x{10FFFF}' || mart.search_marks() || ']')
                        then strip_accents(text)
                        else mart.search_joined(
                            list_transform(
                                regexp_extract_all(nfc_normalize(mart.search_unmarked(text)), '[\x00-\x{3FF}\x{530}-\x{8FF}\x{1E00}-\x{1FFF}]+|[^\x00-\x{3FF}\x{530}-\x{8FF}\x{1E00}-\x{1FFF}]+'),
                                lambda run: if(regexp_matches(run, '^[\x00-\x{3FF}\x{530}-\x{8FF}\x{1E00}-\x{1FFF}]'), strip_accents(run), run)
                            ),
                            ''
                        )
                    end
                ),
                'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'ﬀ', 'ff'), 'ﬁ', 'fi'), 'ﬂ', 'fl'), 'ﬃ', 'ffi'), 'ﬄ', 'ffl'), 'ﬅ', 'st'), 'ﬆ', 'st'), 'ĳ', 'ij'
            ),
            'łøđðħŧıŀςёſ’‘ʼ＇‐‑‒–—−－　０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ＆．，％／＋＃＠＄￠￡￥￦ـ',
            'loddhtilσеs''''''''------- 0123456789abcdefghijklmnopqrstuvwxyz&.,%/+#@$¢£¥₩'
        )
    end;

comment on macro mart.search_folded is 'A text as it is compared in a search: in lower case, without accents, ß as ss, ł as l and the like, ligatures and full width as plain letters, one kind of apostrophe and of dash. Kana, Thai and the scripts of India keep their marks, which are letters there.';

create or replace macro mart.search_as_written(text) as
    list_filter(
        list_transform(
            string_split_regex(
                regexp_replace(
                    regexp_replace(mart.search_folded(text), '([^0-9])[,;/…]+([^0-9])', '\1 \2', 'g'),
                    '([0-9])\s+([\p{Sc}%‰°])([\s"]|$)|(^|[\s"])(\p{Sc})\s+([0-9])',
                    '\1\2\3\4\5\6',
                    'g'
                ),
                '[\s"]+'
            ),
            lambda word: regexp_extract(
                word,
                '(?:[\p{Sc}\p{Sm}@#%‰°§№&†‡¶.-]*[0-9]|[\p{Sc}@#]*[^' || mart.search_signs() || '])(?:.*[^' || mart.search_signs() || '])?'
                || '[\p{Sc}\p{Sm}#%‰°†‡]*'
            )
        ),
        lambda word: word <> ''
    );

comment on macro mart.search_as_written is 'The words of a word or phrase of a question, folded, with the signs that people write as part of them.';

create or replace macro mart.search_unspaced() as
    '\x{E01}-\x{E3A}\x{E40}-\x{E4E}\x{E81}-\x{ECF}\x{EDC}-\x{EDF}\x{1000}-\x{103F}\x{1050}-\x{109D}\x{1780}-\x{17D3}\x{17D7}\x{17DC}\x{17DD}'
    || '\x{2E80}-\x{2FDF}\x{3005}-\x{3007}\x{3021}-\x{302F}\x{3031}-\x{303C}\x{3041}-\x{309A}\x{309D}-\x{309F}\x{30A1}-\x{30FA}\x{30FC}-\x{312F}'
    || '\x{31F0}-\x{31FF}\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}\x{A9E0}-\x{A9FE}\x{AA60}-\x{AA7F}\x{F900}-\x{FAFF}\x{FF66}-\x{FF9F}\x{20000}-\x{323AF}';

comment on macro mart.search_unspaced is 'The letters of scripts that do not separate words (Thai, Lao, Burmese, Khmer, Han, kana), as a class of characters of a regular expression.';

create or replace macro mart.search_goes_on(characters) as
    regexp_matches(
        characters,
        '^(?:[0-9][.,][0-9]|[' || mart.search_hangul() || ']{2}'
        || '|[^' || mart.search_signs() || mart.search_unspaced() || mart.search_hangul() || ']{2})$'
    );

comment on macro mart.search_goes_on is 'Whether adjacent characters belong to one word or number, by scripts that separate words.';

create or replace macro mart.search_finds(text, part) as
    case
        when not contains(text.plain, part.needle) then false
        when part.pattern is null then true
        else len(
            list_filter(
                list_zip(
                    regexp_extract_all(text.folded, part.pattern, 1),
                    regexp_extract_all(text.folded, part.pattern, 2)
                ),
                lambda around: not list_bool_or(
                    list_transform(
                        [around[1] || part.first, part.last || around[2]],
                        lambda characters: mart.search_goes_on(characters)
                    )
                )
            )
        ) > 0
    end;

comment on macro mart.search_finds is 'Whether a text, given as `folded` and `plain`, has a part of a question, as mart.search_parts describes it: words or a phrase with a word''s bounds on both sides.';

create or replace macro mart.search_lookups(runs, is_beginning) as
    list_distinct(
        flatten(
            list_transform(
                runs,
                lambda run, place: case
                    when not regexp_matches(run, '^[' || mart.search_unspaced() || ']')
                    then [{'term': run, 'is_beginning': is_beginning and place = len(runs)}]
                    when length(run) = 1
                    then [{'term': run, 'is_beginning': true}]
                    else list_transform(
                        range(1, length(run)), lambda start: {'term': substring(run, start, 2), 'is_beginning': false}
                    )
                end
            )
        )
    );

comment on macro mart.search_lookups is 'The terms of the search index under which an article with these words and stretches is found; `is_beginning`: under any term that begins so.';

create or replace macro mart.search_pieces(text) as
    regexp_extract_all(
        text,
        '[' || mart.search_unspaced() || '][' || mart.search_unspaced() || mart.search_marks() || ']*'
        || '|[' || mart.search_hangul() || '][' || mart.search_hangul() || mart.search_marks() || ']*'
        || '|[' || mart.search_signs() || ']+'
        || '|[^' || mart.search_signs() || mart.search_unspaced() || mart.search_hangul() || ']'
        || '(?:[^' || mart.search_signs() || mart.search_unspaced() || mart.search_hangul() || ']|[' || mart.search_marks() || '])*'
    );

comment on macro mart.search_pieces is 'A text cut into words, stretches of scripts that do not separate words, and what is between them. Marks that a search takes off stay with the character that they belong to.';

create or replace macro mart.search_marked(text, parts) as
    list_transform(
        list_transform(
            [{
                'text': mart.search_joined(
                    list_transform(
                        mart.search_pieces(text),
                        lambda piece: if(
                            regexp_matches(piece, '^[' || mart.search_signs() || mart.search_unspaced() || ']'),
                            piece,
                            chr(1) || mart.search_folded(piece) || chr(2) || piece || chr(3)
                        )
                    ),
                    ''
                ),
                'parts': list_transform(
                    parts,
                    lambda part: list_transform(
                        part.runs,
                        lambda run, place: if(
                            regexp_matches(run, '^[' || mart.search_unspaced() || ']'),
                            mart.search_joined(
                                list_transform(
                                    regexp_extract_all(run, '.'), lambda letter: letter || '[' || mart.search_marks() || ']*'
                                ),
                                ''
                            ),
                            '\x01' || regexp_escape(run)
                                || if(part.is_beginning and place = len(part.runs), '[^\x02]*', '')
                                || '\x02[^\x03]*\x03'
                        )
                    )
                )
            }],
            lambda given: {
                'text': given.text,
                'wanted': list_transform(
                    given.parts,
                    lambda words: list_transform(
                        [mart.search_joined(words, '[^\x01-\x03' || mart.search_unspaced() || ']*')],
                        lambda phrase: if(regexp_matches(given.text, phrase), phrase, mart.search_joined(words, '|'))
                    )[1]
                )
            }
        ),
        lambda cut: regexp_replace(
            coalesce(
                regexp_replace(
                    cut.text,
                    nullif(
                        mart.search_joined(
                            list_transform(
                                list_reverse_sort(list_transform(cut.wanted, lambda each: {'length': length(each), 'each': each})),
                                lambda sorted: sorted.each
                            ),
                            '|'
                        ),
                        ''
                    ),
                    chr(4) || '\0' || chr(5),
                    'g'
                ),
                cut.text
            ),
            '\x01[^\x02]*\x02|\x03|\x05\x04',
            '',
            'g'
        )
    )[1];

comment on macro mart.search_marked is 'A text, between chr(4) and chr(5) what of it these parts of a question want: words, and phrases as a whole; of a phrase that is not in it, the words.';

create or replace macro mart.search_runs(folded) as
    regexp_extract_all(
        folded,
        '[' || mart.search_unspaced() || ']+'
        || '|[' || mart.search_hangul() || ']+'
        || '|[^' || mart.search_signs() || mart.search_unspaced() || mart.search_hangul() || ']+'
    );

comment on macro mart.search_runs is 'The words of a text that mart.search_folded has returned, and its stretches of scripts that do not separate words. A word ends where its script changes to one of these or to Korean.';

create or replace macro mart.search_plain(folded) as ' ' || mart.search_joined(mart.search_runs(folded), ' ') || ' ';

comment on macro mart.search_plain is 'The words of a text that mart.search_folded has returned, and nothing else, with one space before, between and after them.';

create or replace macro mart.search_start(term) as
    if(regexp_matches(term, '^[' || mart.search_unspaced() || ']'), term[1], term[:3]);

comment on macro mart.search_start is 'How a term of the search index begins, by which it is looked up: its first three characters, of scripts that do not separate words its first one.';

create or replace macro mart.search_terms(text) as
    list_distinct(
        flatten(
            list_transform(
                mart.search_runs(mart.search_folded(text)),
                lambda run: case
                    when regexp_matches(run, '^[' || mart.search_unspaced() || ']')
                    then list_transform(range(1, length(run) + 1), lambda place: substring(run, place, 2))
                    else [run]
                end
            )
        )
    );

comment on macro mart.search_terms is 'What the search index stores of a text, each once: its words; of scripts that do not separate words every two adjacent characters, and the last one alone.';

create or replace macro mart.search_tokens(question) as
    list_transform(
        list_concat(
            ['('],
            list_filter(
                list_transform(
                    [mart.search_straightened(question)],
                    lambda straight: regexp_extract_all(
                        if(
                            regexp_matches(
                                straight,
                                '^[^"]*(?:"[^"]*"[^"]*)*"[^"]*"[^' || mart.search_signs() || mart.search_unspaced() || ']'
                            ),
                            error(
                                'a phrase ends before '
                                || regexp_extract(
                                    straight,
                                    '^[^"]*(?:"[^"]*"[^"]*)*"[^"]*"([^' || mart.search_signs() || mart.search_unspaced() || ']+)',
                                    1
                                )
                                || '; quotation marks inside a phrase are left out, and after one there is a space'
                            ),
                            straight
                        ),
                        '-?\(|\)|\bheadline\s+:|-?(?:[A-Za-z_]+:)?(?:"[^"]*(?:"\*?)?|[^\s()"]+)'
                    )
                )[1],
                lambda token: not regexp_matches(token, '^(&|[/,.:;…·]+)$')
            ),
            [')']
        ),
        lambda token: case
            when token in ('(', ')', '-(')
            then token
            when regexp_matches(token, '^[^"]*"\s*$')
            then error('the quotation mark at the end of the question has nothing after it, and no opening one')
            when regexp_matches(token, '^[^"]*"[^"]*$')
            then error('the quotation mark before ' || regexp_extract(token, '"(.*)', 1) || ' is not followed by a closing one')
            when regexp_matches(token, '^headline\s+:$|^-?:.')
            then error('in ' || token || ' there is a space before the colon, or nothing; it is understood as in headline:word')
            when regexp_matches(token, '^-?headline:[A-Za-z_]+:')
            then error('in ' || token || ' there are two fields, and only headline is one; it is understood as in headline:word, and what is meant as it stands belongs in quotation marks')
            when regexp_matches(token, '^-?[A-Za-z_]+:$')
            then error(ltrim(token, '-') || ' must be followed, without a space, by a word or by a phrase in quotation marks')
            when regexp_matches(token, '^-?[A-Za-z_]+:') and not regexp_matches(token, '^-?headline:')
            then error('there is no field ' || regexp_extract(token, '^-?([A-Za-z_]+):', 1) || ', only headline; if it is meant as it stands, write "' || ltrim(token, '-') || '"')
            when regexp_matches(token, '"[^"]*\*')
            then error('in ' || token || ', * is in a phrase: it is understood at the end of a single word, as in electr*')
            when regexp_matches(token, '\*.') or regexp_matches(token, '^-?(headline:)?\*')
            then error('in ' || token || ', * is not at the end of a word: it is understood as in electr*')
            when not contains(token, '"') and regexp_matches(token, '[~^|\\{}<>=\[\]]|[?!].|^--|^-?(headline:)?[+!?]|^-?headline:[-–—−]|&&')
            then error('in ' || token || ' there is a sign that is not understood; there are OR, NOT, -without, "a phrase", beginning*, headline:word and parentheses, and what is meant as it stands belongs in quotation marks')
            when regexp_matches(token, '^[^"]*(?:!|[^0-9]\$)$')
            then error('in ' || token || ', the last sign is not understood; a word that begins so is searched for as in ' || rtrim(token, '!$') || '*, and what is meant as it stands belongs in quotation marks')
            when regexp_matches(token, '^[-–—−]+$')
            then error(token || ' stands alone; -word, without a space, excludes a word, and what joins two words needs no sign here')
            when regexp_matches(token, '^NEAR$|^(?i:(?:w|pre|n|near|onear|adj)/[0-9]+|(?:w|pre)/(?:s|p|seg)|(?:near|adj)[0-9]+)$')
            then error(token || ' is not understood; two words next to each other are a phrase in quotation marks')
            when not regexp_matches(regexp_replace(token, '^-?(headline:)?', ''), '[^' || mart.search_signs() || ']')
            then error(token || ' has no letter or digit to search for')
            else token
        end
    );

comment on macro mart.search_tokens is 'A question cut into words, phrases, operators and parentheses. Raises an error that names what is not understood.';

create or replace macro mart.search_clauses(question) as
    list_reduce(
        list_transform(
            mart.search_tokens(question),
            lambda token: {
                'token': token,
                'done': []::varchar[][][],
                'current': []::varchar[][][],
                'negated': []::boolean[],
                'is_negated': false,
                'operator': ''
            }
        ),
        lambda seen, next: case
            when seen.token <> '' and len(seen.negated) = 0
            then error('there is a ) without a ( before it')
            when next.token in ('OR', ')') and seen.operator <> ''
            then error(seen.operator || ' must be followed by a word, a phrase or a (; to search for the word itself, write "' || seen.operator || '"')
            when next.token in ('OR', 'AND') and len(seen.current[-1][1]) = 0
            then error(next.token || ' must stand between two words; to search for the word itself, write "' || next.token || '"')
            when next.token = ')' and len(seen.current[-1][1]) = 0 and len(seen.done[-1]) > 0
            then error('OR must be followed by a word, a phrase or a (; to search for the word itself, write "OR"')
            when next.token = ')' and len(seen.current[-1][1]) = 0 and len(seen.negated) > 1
            then error('there is nothing between ( and )')
            when next.token in ('(', '-(')
            then {
                'token': next.token,
                'done': list_append(seen.done, []::varchar[][]),
                'current': list_append(seen.current, [[]::varchar[]]),
                'negated': list_append(seen.negated, seen.is_negated <> (next.token = '-(')),
                'is_negated': false,
                'operator': ''
            }
            when next.token = 'OR'
            then {
                'token': next.token,
                'done': list_append(seen.done[:-2], list_concat(seen.done[-1], seen.current[-1])),
                'current': list_append(seen.current[:-2], [[]::varchar[]]),
                'negated': seen.negated,
                'is_negated': false,
                'operator': ''
            }
            when next.token in ('AND', 'NOT')
            then {
                'token': next.token,
                'done': seen.done,
                'current': seen.current,
                'negated': seen.negated,
                'is_negated': seen.is_negated <> (next.token = 'NOT'),
                'operator': next.token
            }
            when next.token = ')'
            then {
                'token': next.token,
                'done': seen.done[:-2],
                'current': case
                    when len(seen.current) = 1
                    then [list_concat(seen.done[-1], seen.current[-1])]
                    else list_append(
                        seen.current[:-3],
                        mart.search_both(
                            seen.current[-2],
                            if(
                                seen.negated[-1],
                                mart.search_neither(list_concat(seen.done[-1], seen.current[-1])),
                                list_concat(seen.done[-1], seen.current[-1])
                            )
                        )
                    )
                end,
                'negated': seen.negated[:-2],
                'is_negated': false,
                'operator': ''
            }
            else {
                'token': next.token,
                'done': seen.done,
                'current': list_append(
                    seen.current[:-2],
                    mart.search_both(
                        seen.current[-1],
                        [[if(seen.is_negated, mart.search_not(next.token), next.token)]]
                    )
                ),
                'negated': seen.negated,
                'is_negated': false,
                'operator': ''
            }
        end,
        {
            'token': '',
            'done': []::varchar[][][],
            'current': []::varchar[][][],
            'negated': []::boolean[],
            'is_negated': false,
            'operator': ''
        }
    );

comment on macro mart.search_clauses is 'A question as its state after the last token: `current[1]` holds its clauses, one of which must hold; each is a list of parts (words and phrases, negated ones with a minus sign) that must all hold. `negated` is empty unless a parenthesis was left open. Raises an error that names what is not understood.';

create or replace macro mart.search_parts(question) as
    list_transform(
        list_transform([mart.search_clauses(question)], lambda state: mart.search_closed(state))[1],
        lambda clause: list_transform(
            list_transform(
                list_transform(
                    clause,
                    lambda part: {
                        'part': part,
                        'words': mart.search_as_written(regexp_replace(part, '^-?(headline:)?', ''))
                    }
                ),
                lambda cut: {
                    'part': cut.part,
                    'words': cut.words,
                    'runs': mart.search_runs(mart.search_joined(cut.words, ' '))
                }
            ),
            lambda asked: {
                'is_wanted': not starts_with(asked.part, '-'),
                'in_headline': regexp_matches(asked.part, '^-?headline:'),
                'runs': asked.runs,
                'is_beginning': ends_with(asked.part, '*'),
                'lookups': mart.search_lookups(asked.runs, ends_with(asked.part, '*')),
                'is_certain': asked.runs = asked.words and len(asked.words) = 1 and (
                    length(asked.words[1]) <= 2 or not regexp_matches(asked.words[1], '^[' || mart.search_unspaced() || ']')
                ),
                'needle': if(regexp_matches(asked.runs[1], '^[' || mart.search_unspaced() || ']'), '', ' ')
                    || mart.search_joined(asked.runs, ' ')
                    || if(
                        ends_with(asked.part, '*') or regexp_matches(asked.runs[-1], '^[' || mart.search_unspaced() || ']'), '', ' '
                    ),
                'pattern': if(
                    mart.search_joined(asked.runs, '') = mart.search_joined(asked.words, ''),
                    null,
                    mart.search_pattern(asked.words, ends_with(asked.part, '*'))
                ),
                'first': asked.words[1][1],
                'last': asked.words[-1][-1]
            }
        )
    );

comment on macro mart.search_parts is 'A question as clauses, one of which must hold, each of parts that must all hold: `is_wanted` (false: must not hold), `in_headline`, its words as `runs` and whether the last `is_beginning` of a word, its `lookups` in the index, `is_certain` (an article with these lookups has the part, whatever its text), for all others the `needle` that is in their plain text, and where there are signs in it the regular expression `pattern`, with the `first` and the `last` character of what it finds.';

create or replace macro mart.search_sketch(question) as
    list_transform(
        [mart.search_tokens(question)],
        lambda tokens: if(
            len(list_filter(tokens, lambda token: token in ('(', '-(', 'OR', 'NOT'))) > 1,
            '',
            mart.search_joined(
                mart.search_runs(
                    mart.search_folded(trim(coalesce(list_filter(tokens, lambda token: starts_with(token, '"'))[1], ''), '"'))
                ),
                '[' || mart.search_signs() || ']*'
            )
        )
    )[1];

comment on macro mart.search_sketch is 'A regular expression that is found, whatever its case, in every plain text in which a question with a wanted phrase holds: the words of its first phrase. Of all other questions the empty one, which is found everywhere.';

create or replace macro mart.search_matches(question) as table
with
asked as materialized (
    select mart.search_parts(question) as clauses
),

clause as materialized (
    select
        unnest(clauses) as parts,
        generate_subscripts(clauses, 1) as clause
    from asked
),

part as materialized (
    select
        clause.clause,
        unnest(clause.parts) as part,
        generate_subscripts(clause.parts, 1) as place
    from clause
),

needed as materialized (
    select
        clause,
        place,
        part.is_wanted,
        part.is_certain,
        part.in_headline,
        len(part.lookups) as lookups,
        unnest(part.lookups, recursive := true)
    from part
),

lookup as materialized (
    select
        in_headline,
        term,
        is_beginning,
        mart.search_start(term) as term_start,
        is_beginning and length(term) < length(mart.search_start(term || '__')) as is_short,
        row_number() over (order by is_short, in_headline, term, is_beginning) as lookup
    from (select distinct in_headline, term, is_beginning from needed) as each
),
entry as (
    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where not is_short and lookup = 1) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where not is_short and lookup = 2) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where not is_short and lookup = 3) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where not is_short and lookup = 4) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where not is_short and lookup > 4) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where is_short) as lookup
    inner join ops.search_posting on starts_with(search_posting.term, lookup.term)
),

exact_hit as (
    select
        lookup,
        in_headline,
        unnest(hits) as hit
    from entry
    where not is_beginning
),

beginning_hit as (
    select
        lookup,
        in_headline,
        unnest(hits) as hit
    from entry
    where is_beginning
),
hit as materialized (
    select
        lookup,
        hit >> 1 as article_key,
        (hit & 1) = 1 as is_in_headline
    from exact_hit
    where not in_headline or (hit & 1) = 1

    union all

    select
        lookup,
        hit >> 1 as article_key,
        bool_or((hit & 1) = 1) as is_in_headline
    from beginning_hit
    where not in_headline or (hit & 1) = 1
    group by lookup, hit >> 1
),

frequency as (
    select
        lookup,
        count(*) as articles
    from hit
    group by lookup
),
wanted as materialized (
    select
        needed.clause,
        lookup.lookup,
        row_number() over (partition by needed.clause order by coalesce(frequency.articles, 0)) as rank,
        count(*) over (partition by needed.clause) as terms
    from (select distinct clause, in_headline, term, is_beginning from needed where is_wanted) as needed
    inner join lookup using (in_headline, term, is_beginning)
    left join frequency on frequency.lookup = lookup.lookup
),

rarest as materialized (
    select
        wanted.clause,
        wanted.terms,
        hit.article_key,
        hit.is_in_headline
    from hit
    inner join wanted on wanted.lookup = hit.lookup
    where wanted.rank = 1
),

other as (
    select
        wanted.clause,
        hit.article_key,
        hit.is_in_headline
    from hit
    inner join wanted on wanted.lookup = hit.lookup
    where wanted.rank > 1
),

with_others as (
    select
        other.clause,
        other.article_key,
        count(*) as terms,
        bool_and(other.is_in_headline) as is_in_headline
    from other
    semi join rarest on rarest.clause = other.clause and rarest.article_key = other.article_key
    group by other.clause, other.article_key
),

candidate as materialized (
    select
        rarest.clause,
        rarest.article_key,
        rarest.is_in_headline and coalesce(with_others.is_in_headline, true) as is_in_headline
    from rarest
    left join with_others on with_others.clause = rarest.clause and with_others.article_key = rarest.article_key
    where rarest.terms = 1 or with_others.terms = rarest.terms - 1
),

unwanted_hit as (
    select
        needed.clause,
        needed.place,
        needed.is_certain,
        needed.lookups,
        hit.article_key
    from needed
    inner join lookup using (in_headline, term, is_beginning)
    inner join hit on hit.lookup = lookup.lookup
    where not needed.is_wanted
),

unwanted as materialized (
    select
        clause,
        place,
        article_key,
        any_value(is_certain) as is_certain
    from unwanted_hit
    group by clause, place, article_key
    having count(*) = any_value(lookups)
),

doubtful as materialized (
    select clause, part
    from part
    where part.is_wanted and not part.is_certain
),
doubt as (
    select
        candidate.clause,
        candidate.article_key,
        doubtful.part
    from candidate
    inner join doubtful on doubtful.clause = candidate.clause
    where candidate.clause in (select clause from doubtful)

    union all

    select
        unwanted.clause,
        unwanted.article_key,
        part.part
    from unwanted
    inner join candidate on candidate.clause = unwanted.clause and candidate.article_key = unwanted.article_key
    inner join part on part.clause = unwanted.clause and part.place = unwanted.place
    where not unwanted.is_certain
),

waiting as (
    select fact_article.article_key
    from news.fact_article
    where
        fact_article.is_current
        and fact_article.article_key > (select coalesce(max(last_article_key), 0) from ops.search_segment)

    union

    select article_key
    from ops.search_gap
),

to_read as materialized (
    select
        clause,
        article_key,
        list(part) as parts,
        false as is_waiting
    from doubt
    group by clause, article_key

    union all

    select
        clause.clause,
        waiting.article_key,
        clause.parts,
        true as is_waiting
    from waiting
    cross join clause
),
text_row as (
    select article_text.rowid as text_row
    from news.article_text
    where article_text.article_key in (select to_read.article_key from to_read)
),
shown as (
    select
        to_read.clause,
        to_read.article_key,
        to_read.parts,
        to_read.is_waiting,
        concat_ws(' ' || chr(30) || ' ', coalesce(article_text.headline, ''), article_text.deck, article_text.body) as text
    from to_read
    inner join news.article_text on article_text.article_key = to_read.article_key
    where article_text.rowid in (select text_row.text_row from text_row)
),
likely as (
    select
        clause,
        article_key,
        parts,
        is_waiting,
        if(
            regexp_matches(text, mart.search_sketch(question), 'i')
                or regexp_matches(text, '[^\x00-\x7F\x{2010}-\x{203A}]'),
            text,
            ''
        ) as text
    from shown
),

folded as (
    select
        clause,
        article_key,
        parts,
        is_waiting,
        replace(mart.search_folded(text), chr(30), 'ꟷ') as text
    from likely
),
plain as (
    select
        clause,
        article_key,
        unnest(parts) as part,
        is_waiting,
        {'folded': text, 'plain': mart.search_plain(text)} as text
    from folded
),

tested as (
    select
        clause,
        article_key,
        is_waiting,
        part.is_wanted,
        part.in_headline,
        mart.search_finds(text, part) as is_in_text,
        mart.search_finds(
            {'folded': split_part(text.folded, ' ꟷ ', 1), 'plain': split_part(text.plain, 'ꟷ ', 1)}, part
        ) as is_in_headline
    from plain
),

read as materialized (
    select
        clause,
        article_key,
        is_waiting,
        bool_and(if(in_headline, is_in_headline, is_in_text) = is_wanted) as holds,
        bool_and(is_in_headline or not is_wanted) as is_in_headline
    from tested
    group by clause, article_key, is_waiting
),

refuted as (
    select clause, article_key
    from unwanted
    where is_certain

    union all

    select clause, article_key
    from read
    where not holds
),

found as materialized (
    select
        candidate.article_key,
        candidate.is_in_headline and coalesce(read.is_in_headline, true) as is_in_headline
    from candidate
    anti join refuted on refuted.clause = candidate.clause and refuted.article_key = candidate.article_key
    left join read on not read.is_waiting and read.clause = candidate.clause and read.article_key = candidate.article_key

    union all

    select article_key, is_in_headline
    from read
    where is_waiting and holds
)
select found.article_key, found.is_in_headline
from found
where (select count(*) from clause) = 1

union all

select
    found.article_key,
    bool_or(found.is_in_headline) as is_in_headline
from found
where (select count(*) from clause) > 1
group by found.article_key;

comment on macro table mart.search_matches is 'The revisions in which a question holds, superseded ones included; for mart.find_articles. Columns: article_key, is_in_headline.';

create or replace macro mart.search_ranked(
    question,
    publication,
    section,
    language,
    topic,
    story,
    published_from,
    published_to,
    top
) as table
with
found as materialized (
    select article_key, is_in_headline
    from mart.search_matches(question)
)

select
    fact_article.rowid as fact_row,
    fact_article.article_key,
    fact_article.published_date_key,
    found.is_in_headline
from news.fact_article
inner join found on found.article_key = fact_article.article_key
where
    fact_article.is_current
    and fact_article.status <> 'canceled'
    and (publication is null or fact_article.publication_key in (select dim_publication.publication_key from news.dim_publication where dim_publication.publication_name = publication))
    and (section is null or fact_article.section_key in (select dim_section.section_key from news.dim_section where dim_section.section_name = section))
    and (language is null or fact_article.language_key in (select dim_language.language_key from news.dim_language where dim_language.language_code = language))
    and (topic is null or fact_article.article_key in (select bridge_article_topic.article_key from news.bridge_article_topic inner join news.dim_topic on dim_topic.topic_key = bridge_article_topic.topic_key where dim_topic.same_as_key in (select named.same_as_key from news.dim_topic as named where named.topic_name = topic)))
    and (story is null or fact_article.article_id in (select article_story.article_id from news.article_story where article_story.story_key = story))
    and (published_from is null or fact_article.published_date_key >= strftime(published_from::date, '%Y%m%d')::integer)
    and (published_to is null or fact_article.published_date_key between 1 and strftime(published_to::date, '%Y%m%d')::integer)
order by found.is_in_headline desc, fact_article.published_date_key desc, fact_article.article_key
limit top;

comment on macro table mart.search_ranked is 'The articles in which a question holds, narrowed as in mart.find_articles, which says what they are: those with all that is wanted in the headline first, then the newest. Columns: fact_row (of news.fact_article), article_key, published_date_key, is_in_headline.';

create or replace macro mart.find_articles(
    question,
    publication := '',
    section := '',
    language := '',
    topic := '',
    story := '',
    published_from := '',
    published_to := '',
    top := ''
) as table
with
ranked as materialized (
    select fact_row, article_key, is_in_headline
    from mart.search_ranked(
        question,
        nullif(publication::varchar, ''),
        nullif(section::varchar, ''),
        nullif(language::varchar, ''),
        nullif(topic::varchar, ''),
        nullif(story::varchar, ''),
        nullif(published_from::varchar, ''),
        nullif(published_to::varchar, ''),
        nullif(top::varchar, '')
    )
),

best as materialized (
    select
        fact_article.article_key,
        fact_article.article_id,
        fact_article.published_date_key,
        fact_article.publication_key,
        fact_article.status,
        fact_article.embargo_until,
        fact_article.url
    from news.fact_article
    where fact_article.rowid in (select ranked.fact_row from ranked)
),

text_row as (
    select article_text.rowid as text_row
    from news.article_text
    where article_text.article_key in (select ranked.article_key from ranked)
),

headline as (
    select article_text.article_key, article_text.headline
    from news.article_text
    where article_text.rowid in (select text_row.text_row from text_row)
),

story_of as (
    select article_story.article_id, article_story.story_key
    from news.article_story
    where article_story.article_id in (select best.article_id from best)
)

select
    best.article_id,
    best.article_key,
    dim_date.date as published_date,
    dim_publication.publication_name as publication,
    headline.headline,
    ranked.is_in_headline,
    best.status,
    best.embargo_until,
    best.url,
    story_of.story_key
from ranked
inner join best on best.article_key = ranked.article_key
inner join headline on headline.article_key = ranked.article_key
inner join story_of on story_of.article_id = best.article_id
inner join news.dim_publication on dim_publication.publication_key = best.publication_key
inner join news.dim_date on dim_date.date_key = best.published_date_key
order by ranked.is_in_headline desc, best.published_date_key desc, ranked.article_key;

comment on macro table mart.find_articles is 'Articles in which a question holds, in headline, deck or body: words, "a phrase", OR, NOT or -word, beginning*, headline:word, parentheses; whatever their case and accents. Those with all that is wanted in the headline first, then the newest. By name: publication, section, language, topic, story, published_from, published_to, and top, how many of the best (all without it); as in mart.find_articles(''tram*'', language := ''de'', top := 10). What is not understood is an error. The question is a constant or a parameter, not a column. Columns: article_id, article_key, published_date, publication, headline, is_in_headline, status, embargo_until, url, story_key. In a file attached to another database, here as broadsheet: use broadsheet, or set search_path = ''main,broadsheet.mart,broadsheet.news,broadsheet.ops''.';

create or replace macro mart.search(words) as table
select
    article_id,
    article_key,
    published_date,
    publication,
    headline,
    is_in_headline,
    url,
    story_key
from mart.find_articles(words);

comment on macro table mart.search is 'The former name of mart.find_articles, for this release: some tools cannot parse it. Columns: article_id, article_key, published_date, publication, headline, is_in_headline, url, story_key.';

create or replace macro mart.search_snippet(text, question) as
    list_transform(
        list_transform(
            list_transform(
                [trim(regexp_replace(coalesce(text, ''), '[\s\x01-\x05]+', ' ', 'g'))],
                lambda plain: {
                    'length': length(plain),
                    'marked': mart.search_marked(plain, list_filter(flatten(mart.search_parts(question)), lambda part: part.is_wanted))
                }
            ),
            lambda found: {
                'length': found.length,
                'marked': found.marked,
                'start': greatest(1, strpos(found.marked, chr(4)) - 51)
            }
        ),
        lambda cut: if(cut.start > 1, '… ', '')
            || list_transform(
                [
                    regexp_replace(
                        regexp_extract(substring(cut.marked, cut.start), '^(?:[\x04\x05]*[^\x04\x05]){0,180}'),
                        if(cut.start > 1, '^\S{0,20}\s', '^') || if(cut.length > cut.start + 180, '|\s\S{0,20}$', ''),
                        '',
                        'g'
                    )
                ],
                lambda shown: regexp_replace(
                    if(regexp_matches(shown, '\x04[^\x05]*$'), shown || chr(5), shown), '[\x04\x05]', '**', 'g'
                )
            )[1]
            || if(cut.length > cut.start + 180, ' …', '')
    )[1];

comment on macro mart.search_snippet is 'What a text says around the first word or phrase that a question wants, all of them between two asterisks on each side: mart.search_snippet(body, ''tram* strike''). Without any of them, its beginning.';

create or replace macro mart.search_words(text) as
    list_distinct(regexp_extract_all(lower(mart.search_unmarked(text)), '[^' || mart.search_signs() || ']+'));

comment on macro mart.search_words is 'What stands between the signs of a text, each once, not folded yet: the search index folds each word of many texts once. The terms of these words are the terms of the text.';

create or replace view mart.source_watermark as
with
deliveries as (
    select
        dump.source,
        count(*) filter (dump_load.state = 'loaded') as deliveries,
        arg_max(dump_load.loaded_at, load_run.run_number) filter (dump_load.state = 'loaded') as last_loaded_at,
        arg_max(dump_load.loaded_at, load_run.run_number)
            filter (dump_load.state in ('refused', 'failed')) as last_refused_at
    from ops.dump
    inner join ops.dump_load on dump_load.dump_key = dump.dump_key
    inner join ops.load_run on load_run.run_id = dump_load.run_id
    where dump_load.kind = 'delivery'
    group by dump.source
),

articles as (
    select
        source,
        count(*) as articles,
        count(distinct nullif(publication_key, 0)) as publications,
        min(nullif(published_date_key, 0)) as first_date_key,
        max(nullif(published_date_key, 0)) as last_date_key
    from news.fact_article
    where is_current and status <> 'canceled'
    group by source
)

select
    deliveries.source,
    deliveries.deliveries,
    deliveries.last_loaded_at,
    deliveries.last_refused_at,
    coalesce(articles.articles, 0) as articles,
    coalesce(articles.publications, 0) as publications,
    first_date.date as first_date,
    last_date.date as last_date
from deliveries
left join articles on articles.source = deliveries.source
left join news.dim_date as first_date on first_date.date_key = articles.first_date_key
left join news.dim_date as last_date on last_date.date_key = articles.last_date_key;

comment on view mart.source_watermark is 'One row per feed that has delivered: how far its data go. Key: source.';

comment on column mart.source_watermark.source is 'Feed';

comment on column mart.source_watermark.deliveries is 'Deliveries loaded';

comment on column mart.source_watermark.last_loaded_at is 'Start of the last run that loaded one, UTC';

comment on column mart.source_watermark.last_refused_at is 'Start of the last run in which one was refused or failed, UTC; empty if none was';

comment on column mart.source_watermark.articles is 'Its articles in mart.article: those whose current revision it delivered';

comment on column mart.source_watermark.publications is 'Known publications among them';

comment on column mart.source_watermark.first_date is 'Earliest date of these articles, as printed; empty if none is known';

comment on column mart.source_watermark.last_date is 'Latest date of these articles, as printed: its data go up to this day; empty if none is known';

create or replace view mart.daily_volume as
select
    daily_count.publication_key,
    dim_publication.publication_name as publication,
    daily_count.published_date_key,
    dim_date.date as published_date,
    daily_count.articles,
    daily_count.partial_articles,
    daily_count.copies,
    daily_count.words
from mart.daily_count
inner join news.dim_publication on dim_publication.publication_key = daily_count.publication_key
inner join news.dim_date on dim_date.date_key = daily_count.published_date_key;

comment on view mart.daily_volume is 'One row per publication and day on which it published. Canceled articles do not count. Key: publication_key, published_date_key.';

comment on column mart.daily_volume.publication_key is 'Publication; 0 is unknown';

comment on column mart.daily_volume.publication is 'Name of the publication';

comment on column mart.daily_volume.published_date_key is 'Date as printed (local to the source), as yyyymmdd; 0 is unknown';

comment on column mart.daily_volume.published_date is 'Date as printed (local to the source); empty if unknown';

comment on column mart.daily_volume.articles is 'Articles, including excerpts and copies';

comment on column mart.daily_volume.partial_articles is 'Of these, excerpts or summaries only';

comment on column mart.daily_volume.copies is 'Of these, articles whose story an earlier article had already carried, in any publication; see place in mart.story_article. What recurs as a series is no copy';

comment on column mart.daily_volume.words is 'Words in the bodies of these articles';

create or replace view mart.coverage_gap as
with
published as (
    select
        publication_key,
        publication,
        published_date as day,
        articles
    from mart.daily_volume
    where publication_key <> 0 and published_date_key <> 0
),

feeds as (
    select
        publication_key,
        max(max(published_date_key)) over (partition by source) as last_date_key
    from news.fact_article
    group by source, publication_key
),

ends as (
    select
        publication_key,
        max(last_date_key) as last_date_key
    from feeds
    group by publication_key
),
spans as (
    select
        published.publication_key,
        published.publication,
        dim_date.date as last_day,
        min(published.day) as first_day
    from published
    inner join ends on ends.publication_key = published.publication_key
    inner join news.dim_date on dim_date.date_key = ends.last_date_key
    group by published.publication_key, published.publication, dim_date.date
    having count(*) >= 3
),
same_weekday as (
    select
        published.publication_key,
        published.day + 7 * week.number::integer as day,
        list(published.articles) as articles
    from published
    cross join range(1, 9) as week (number)
    group by published.publication_key, published.day + 7 * week.number::integer
),

usual as (
    select
        spans.publication_key,
        spans.publication,
        same_weekday.day,
        least(8, (same_weekday.day - spans.first_day) // 7) as weeks,
        list_sum(same_weekday.articles) as articles,
        list_sum(list_transform(same_weekday.articles, lambda number: number * number)) as squares,
        len(same_weekday.articles) as weeks_with_articles,
        list_median(list_resize(same_weekday.articles, weeks, 0)) as median_articles
    from same_weekday
    inner join spans on spans.publication_key = same_weekday.publication_key
    where same_weekday.day <= spans.last_day
),

days as (
    select
        usual.publication_key,
        usual.publication,
        usual.day,
        usual.weeks,
        usual.median_articles,
        coalesce(published.articles, 0) as articles,
        (usual.weeks / (usual.weeks + 1)) ** (usual.articles + 0.5) as chance_at_random,
        1 - usual.weeks_with_articles / usual.weeks as share_of_empty_weeks,
        usual.weeks >= 7
        and usual.weeks_with_articles = usual.weeks
        and usual.weeks * usual.squares / usual.articles - usual.articles <= 0.25 * (usual.weeks - 1) as is_regular
    from usual
    left join published on published.publication_key = usual.publication_key and published.day = usual.day
    where usual.weeks >= 3 and usual.articles >= usual.weeks
),
histories as (
    select
        publication_key,
        publication,
        day,
        weeks,
        median_articles,
        articles,
        chance_at_random,
        is_regular,
        coalesce(avg((articles = 0)::integer) over eight_weeks, share_of_empty_weeks) as empty_share,
        coalesce(sum((articles = 0)::integer) over eight_weeks, 0) as empty_days,
        coalesce(sum(chance_at_random) over eight_weeks, 0) as empty_days_at_random,
        count(*) filter (articles > 0) over (partition by publication_key order by day) as days_before
    from days
    window eight_weeks as (
        partition by publication_key
        order by day
        range between interval 56 days preceding and interval 1 day preceding
    )
),

chances as (
    select
        publication_key,
        publication,
        day,
        weeks,
        median_articles,
        articles,
        days_before,
        greatest(
            if(
                is_regular,
                0.001,
                chance_at_random * first_value((empty_days + 2) / (empty_days_at_random + 2)) over in_a_row
            ),
            first_value(empty_share) over in_a_row
        ) as chance
    from histories
    window in_a_row as (partition by publication_key, days_before order by day)
),
judged as (
    select
        publication_key,
        publication,
        day,
        articles,
        first_value(weeks) over weekday_in_a_row as weeks,
        first_value(median_articles) over weekday_in_a_row as median_articles,
        count(*) filter (articles = 0) over in_a_row as empty_days,
        exp(sum(ln(chance)) filter (articles = 0) over in_a_row) as chance
    from chances
    window
        in_a_row as (partition by publication_key, days_before),
        weekday_in_a_row as (partition by publication_key, days_before, articles = 0, dayofweek(day) order by day)
)

select
    publication_key,
    publication,
    day,
    dayname(day) as day_name,
    if(articles = 0, 'missing', 'thin') as kind,
    articles,
    median_articles as usual_articles,
    weeks
from judged
where
    (articles = 0 and median_articles > 0 and chance * empty_days < 0.003)
    or (articles > 0 and median_articles - articles >= 10 and articles < median_articles / 4);

comment on view mart.coverage_gap is 'One row per publication and day with no articles or unusually few, up to the last day that its feed has delivered. Key: publication_key, day.';

comment on column mart.coverage_gap.publication_key is 'Publication';

comment on column mart.coverage_gap.publication is 'Name of the publication';

comment on column mart.coverage_gap.day is 'Date as printed (local to the source)';

comment on column mart.coverage_gap.day_name is 'English name of the day';

comment on column mart.coverage_gap.kind is 'missing (no articles where the usual number is above 0, and so many empty days in a row would be a surprise: their chance by the weeks before, times their number, is under 0.003; the chance is 0.001 where seven or eight weeks had about the same number each) or thin (less than a quarter of the usual number, and at least ten fewer)';

comment on column mart.coverage_gap.articles is 'Articles on that day';

comment on column mart.coverage_gap.usual_articles is 'The usual number: the median of the same weekday in the previous eight weeks, not counting weeks before its first day; a day without articles counts as 0. In a gap of weeks, it stays what it was when the gap began';

comment on column mart.coverage_gap.weeks is 'Number of weeks in that median, 3 to 8';

create or replace view mart.publication_profile as
with
articles as (
    select
        fact_article.publication_key,
        fact_article.is_partial,
        fact_article.word_count,
        fact_article.author_count > 0 as has_byline,
        fact_article.section_key <> 0 as has_section,
        fact_article.published_date_key <> 0 as has_date,
        fact_article.published_at is not null as has_time,
        fact_article.agency is not null as is_agency,
        fact_article.revision > 1 as is_revised,
        dim_language.language_code,
        dim_section.section_name
    from news.fact_article
    inner join news.dim_language on dim_language.language_key = fact_article.language_key
    inner join news.dim_section on dim_section.section_key = fact_article.section_key
    where fact_article.is_current and fact_article.status <> 'canceled'
),

counted as (
    select
        publication_key,
        count(*) as articles,
        count(*) filter (is_partial) as partial_articles,
        avg(word_count) filter (not is_partial) as mean_words,
        median(word_count) filter (not is_partial) as median_words,
        avg(has_byline::integer) as byline_share,
        avg(has_section::integer) as section_share,
        avg(has_date::integer) as date_share,
        avg(has_time::integer) as time_share,
        avg(is_agency::integer) as agency_share,
        avg(is_revised::integer) as revised_share,
        histogram(language_code) as languages
    from articles
    group by publication_key
),

sections as (
    select
        publication_key,
        section_name,
        count(*) as articles
    from articles
    where has_section
    group by publication_key, section_name
),

section_lists as (
    select
        publication_key,
        list(section_name order by articles desc, section_name)[:5] as sections
    from sections
    group by publication_key
),

days as (
    select
        publication_key,
        min(published_date) as first_date,
        max(published_date) as last_date,
        count(published_date) as days,
        sum(copies)::bigint as copies
    from mart.daily_volume
    group by publication_key
)

select
    counted.publication_key,
    dim_publication.publication_name as publication,
    dim_publication.country_code,
    dim_publication.domain,
    days.first_date,
    days.last_date,
    days.days,
    counted.articles,
    counted.partial_articles,
    days.copies,
    counted.mean_words,
    counted.median_words,
    counted.byline_share,
    counted.section_share,
    counted.date_share,
    counted.time_share,
    counted.agency_share,
    counted.revised_share,
    counted.languages,
    coalesce(section_lists.sections, []) as sections
from counted
inner join news.dim_publication on dim_publication.publication_key = counted.publication_key
inner join days on days.publication_key = counted.publication_key
left join section_lists on section_lists.publication_key = counted.publication_key;

comment on view mart.publication_profile is 'One row per publication: how many articles it has and what they are like. Canceled articles do not count. Shares are fractions of its articles, 0 to 1. Key: publication_key.';

comment on column mart.publication_profile.publication_key is 'Publication; 0 is unknown';

comment on column mart.publication_profile.publication is 'Name of the publication';

comment on column mart.publication_profile.country_code is 'Country of the publication, as an ISO 3166-1 alpha-2 code; the last one stated';

comment on column mart.publication_profile.domain is 'Web host of its articles, without www; the last one seen';

comment on column mart.publication_profile.first_date is 'Earliest date of its articles, as printed; empty if none is known';

comment on column mart.publication_profile.last_date is 'Latest date of its articles, as printed; empty if none is known';

comment on column mart.publication_profile.days is 'Days with at least one article';

comment on column mart.publication_profile.articles is 'Articles, including excerpts and copies';

comment on column mart.publication_profile.partial_articles is 'Of these, excerpts or summaries only';

comment on column mart.publication_profile.copies is 'Of these, articles whose story an earlier article had already carried, in any publication; see place in mart.story_article. What recurs as a series is no copy';

comment on column mart.publication_profile.mean_words is 'Mean length in words, leaving out excerpts and summaries';

comment on column mart.publication_profile.median_words is 'Median length in words, leaving out excerpts and summaries';

comment on column mart.publication_profile.byline_share is 'Share with a person named in the byline';

comment on column mart.publication_profile.section_share is 'Share with a known section';

comment on column mart.publication_profile.date_share is 'Share with a known date';

comment on column mart.publication_profile.time_share is 'Share with a known time of publication';

comment on column mart.publication_profile.agency_share is 'Share that credits a news agency';

comment on column mart.publication_profile.revised_share is 'Share with more than one revision';

comment on column mart.publication_profile.languages is 'Articles by language: a map from ISO 639-1 code to number of articles';

comment on column mart.publication_profile.sections is 'Its largest sections by number of articles, at most five';

create or replace view mart.story as
with
carried as (
    select
        story_key,
        count(*) as articles,
        count(distinct nullif(publication_key, 0)) as publications,
        max(published_date) as last_published_date
    from mart.story_article
    group by story_key
)

select
    story_article.story_key,
    story_article.kind,
    article_text.headline,
    carried.articles,
    carried.publications,
    story_article.article_id as first_article_id,
    story_article.publication as first_publication,
    story_article.published_at as first_published_at,
    story_article.published_date as first_published_date,
    carried.last_published_date
from mart.story_article
inner join carried on carried.story_key = story_article.story_key
inner join news.fact_article on fact_article.article_id = story_article.article_id and fact_article.is_current
inner join news.article_text on article_text.article_key = fact_article.article_key
where story_article.place = 1;

comment on view mart.story is 'One row per story that at least two articles carry. Its first article is the one with place 1 in mart.story_article. Key: story_key.';

comment on column mart.story.story_key is 'The story';

comment on column mart.story.kind is 'story, or series for what recurs, such as tables and notices; news.dim_story says by which rule';

comment on column mart.story.headline is 'Headline of its first article';

comment on column mart.story.articles is 'Articles that carry it';

comment on column mart.story.publications is 'Known publications that carried it';

comment on column mart.story.first_article_id is 'Its first article; article_id in mart.article';

comment on column mart.story.first_publication is 'Publication of the first article; where dates do not show who was first, mart.syndication leaves it empty';

comment on column mart.story.first_published_at is 'When the first article was published, UTC; empty if no time was printed';

comment on column mart.story.first_published_date is 'Date of the first article, as printed; empty if unknown';

comment on column mart.story.last_published_date is 'Date of the last article that carries it, as printed; empty if none is dated';

create or replace view mart.topic_output as
select
    topic_count.topic_key,
    topic.kind,
    topic.name as topic,
    topic_count.publication_key,
    dim_publication.publication_name as publication,
    topic_count.month_key,
    strptime(nullif(topic_count.month_key, 0)::varchar, '%Y%m')::date as month,
    topic_count.articles,
    topic_count.words
from mart.topic_count
inner join news.topic on topic.topic_key = topic_count.topic_key
inner join news.dim_publication on dim_publication.publication_key = topic_count.publication_key;

comment on view mart.topic_output is 'One row per topic, publication and month. An article on two topics counts for both; canceled articles do not count. Key: topic_key, publication_key, month_key.';

comment on column mart.topic_output.topic_key is 'Topic; same_as_key in news.dim_topic';

comment on column mart.topic_output.kind is 'What the topic is: subject, person, place, organisation, event, form (such as a genre), slug, collection or code';

comment on column mart.topic_output.topic is 'Name; of several spellings, the one in news.topic';

comment on column mart.topic_output.publication_key is 'Publication; 0 is unknown';

comment on column mart.topic_output.publication is 'Name of the publication';

comment on column mart.topic_output.month_key is 'Month of the date as printed, as yyyymm; 0 is unknown';

comment on column mart.topic_output.month is 'First day of that month; empty if unknown';

comment on column mart.topic_output.articles is 'Articles on this topic';

comment on column mart.topic_output.words is 'Words in the bodies of these articles';

create or replace view mart.topic_trend as
with
months as (
    select
        published_date_key // 100 as month_key,
        sum(articles)::bigint as articles
    from mart.daily_count
    group by month_key
),

topics as (
    select
        topic_key,
        month_key,
        sum(articles)::bigint as articles,
        count(*) filter (publication_key <> 0) as publications
    from mart.topic_count
    where month_key <> 0
    group by topic_key, month_key
)

select
    topics.topic_key,
    topic.kind,
    topic.name as topic,
    topics.month_key,
    strptime(topics.month_key::varchar, '%Y%m')::date as month,
    topics.articles,
    topics.publications,
    months.articles as month_articles,
    topics.articles / months.articles as share
from topics
inner join news.topic on topic.topic_key = topics.topic_key
inner join months on months.month_key = topics.month_key;

comment on view mart.topic_trend is 'One row per topic and month: how much was written about it. Undated and canceled articles do not count. Key: topic_key, month_key.';

comment on column mart.topic_trend.topic_key is 'Topic; same_as_key in news.dim_topic';

comment on column mart.topic_trend.kind is 'What the topic is: subject, person, place, organisation, event, form (such as a genre), slug, collection or code';

comment on column mart.topic_trend.topic is 'Name; of several spellings, the one in news.topic';

comment on column mart.topic_trend.month_key is 'Month of the date as printed, as yyyymm';

comment on column mart.topic_trend.month is 'First day of that month';

comment on column mart.topic_trend.articles is 'Articles on this topic';

comment on column mart.topic_trend.publications is 'Known publications with at least one of these articles';

comment on column mart.topic_trend.month_articles is 'All articles of that month, whatever their topic';

comment on column mart.topic_trend.share is 'Share of the articles of that month that are on this topic, 0 to 1';

create or replace view mart.watermark as
with
last_run as (
    select
        run_id,
        trigger,
        started_at,
        finished_at,
        state,
        versions
    from ops.load_run
    order by run_number desc
    limit 1
),

last_schema as (
    select
        version,
        fingerprint
    from ops.schema_version
    order by applied_at desc, version desc
    limit 1
),

archive as (
    select
        coalesce(sum(articles), 0)::bigint as articles,
        min(published_date) as first_date,
        max(published_date) as last_date
    from mart.daily_volume
)

select
    publication.number,
    publication.published_at,
    last_run.run_id,
    last_run.trigger,
    last_run.started_at as loaded_at,
    if(last_run.state = 'verified', last_run.finished_at, null) as verified_at,
    last_schema.version as schema_version,
    last_schema.fingerprint as schema_fingerprint,
    json_extract_string(last_run.versions, '$.broadsheet') as broadsheet_version,
    archive.articles,
    archive.first_date,
    archive.last_date
from last_run
cross join last_schema
cross join archive
left join ops.publication on publication.run_id = last_run.run_id
qualify row_number() over (order by publication.number desc) = 1;

comment on view mart.watermark is 'One row: what this file is, how far its data go and when it was made.';

comment on column mart.watermark.number is 'Number of the published copy, as in its file name; empty if this load has not been published';

comment on column mart.watermark.published_at is 'When it was published, UTC';

comment on column mart.watermark.run_id is 'The last run included in it';

comment on column mart.watermark.trigger is 'What started that run, or what it did';

comment on column mart.watermark.loaded_at is 'Start of that run, UTC: anything that arrived later is not included';

comment on column mart.watermark.verified_at is 'When that run passed its verification, UTC; empty until then';

comment on column mart.watermark.schema_version is 'Number of the last file in sql/migrations that was applied; 0 before the first';

comment on column mart.watermark.schema_fingerprint is 'SHA-256 of the CREATE and COMMENT statements applied';

comment on column mart.watermark.broadsheet_version is 'Version of Broadsheet that loaded it';

comment on column mart.watermark.articles is 'Articles in mart.article';

comment on column mart.watermark.first_date is 'Earliest date of these articles, as printed; empty if none is known';

comment on column mart.watermark.last_date is 'Latest date of these articles, as printed; empty if none is known';

create or replace macro mart.words_of(text) as
    regexp_extract_all(
        regexp_replace(
            replace(lower(coalesce(text, '')), '’', ''''),
            '([ー\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*)',
            ' \1 ',
            'g'
        ),
        '[\p{L}\p{N}][\p{L}\p{M}\p{N}\x{200c}\x{200d}]*(?:''[\p{L}\p{M}\p{N}]+)*'
    );

comment on macro mart.words_of is 'The words of a text in their order, in lower case, with accents: unnest(mart.words_of(body)). In scripts that do not separate words, every character is one.';

insert into ops.schema_version (version, fingerprint, applied_at) values (9, '045549932b426fb750f4bf5e43cf256e6b29e05633e0d00499217fe0c08e70d3', timestamp '2026-11-24 00:00:00');
