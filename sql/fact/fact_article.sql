-- after: ops.load_run
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

insert into news.fact_article by name
select
    incoming.article_key,
    incoming.article_id,
    1 as revision,
    true as is_current,
    incoming.effective_at as valid_from,
    null as valid_to,
    incoming.loaded_at,
    incoming.published_at,
    incoming.modified_at,
    coalesce(strftime(incoming.published_date, '%Y%m%d')::integer, 0) as published_date_key,
    incoming.date_basis,
    incoming.date_precision,
    coalesce(dim_publication.publication_key, 0) as publication_key,
    coalesce(dim_section.section_key, 0) as section_key,
    coalesce(dim_language.language_key, 0) as language_key,
    incoming.language_confidence,
    incoming.dump_key,
    incoming.source,
    incoming.position,
    incoming.native_id,
    incoming.native_version,
    incoming.version_number,
    incoming.identity_basis,
    incoming.status,
    incoming.embargo_until,
    incoming.is_partial,
    incoming.agency,
    incoming.url,
    incoming.page,
    incoming.edition,
    incoming.word_count,
    incoming.character_count,
    incoming.paragraph_count,
    incoming.author_count,
    incoming.content_hash,
    incoming.body_hash,
    incoming.content_key,
    incoming.published_local
from incoming
left join news.dim_publication on dim_publication.publication_name = incoming.publication_name
left join news.dim_section on dim_section.section_name = incoming.section_name
left join news.dim_language on dim_language.language_code = incoming.language_code
where incoming.outcome in ('inserted', 'revised')
order by incoming.article_key;

-- derived: the order of the revisions of every article in which a revision was lost, gained or changed
create or replace temp table revision_order as
with
-- When a revision arrived is the number of its run.
arrivals as (
    select
        started_at,
        max(run_number) as run_number
    from ops.load_run
    group by started_at
),

revisions as (
    select
        fact_article.article_id,
        fact_article.article_key,
        fact_article.version_number,
        fact_article.modified_at,
        coalesce(fact_article.published_at, dim_date.date::timestamp) as published_at,
        arrivals.run_number,
        coalesce(
            fact_article.modified_at, fact_article.published_at, dim_date.date::timestamp, fact_article.loaded_at
        ) as effective_at
    from news.fact_article
    semi join touched_article
        on touched_article.article_id = fact_article.article_id and touched_article.is_renumbered
    left join news.dim_date on dim_date.date_key = fact_article.published_date_key
    left join arrivals on arrivals.started_at = fact_article.loaded_at
),

ordered as (
    select
        article_id,
        article_key,
        row_number() over by_version as revision,
        max(effective_at) over by_version as valid_from
    from revisions
    window by_version as (
        partition by article_id
        order by
            version_number nulls first,
            modified_at nulls first,
            published_at nulls first,
            run_number,
            article_key
    )
)

select
    article_key,
    revision,
    valid_from,
    lead(valid_from) over (partition by article_id order by revision) as valid_to,
    lead(article_key) over (partition by article_id order by revision) is null as is_current
from ordered;

-- derived
update news.fact_article
set
    revision = revision_order.revision,
    is_current = revision_order.is_current,
    valid_from = revision_order.valid_from,
    valid_to = revision_order.valid_to
from revision_order
where revision_order.article_key = fact_article.article_key;
