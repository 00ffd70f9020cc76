-- after: mart.article_revision
create or replace view mart.article as
select
    article_key,
    article_id,
    revision,
    publication,
    country_code,
    headline,
    deck,
    dateline,
    body,
    authors,
    topics,
    agency,
    language_code,
    section,
    page,
    edition,
    published_at,
    published_date,
    published_date_key,
    date_basis,
    date_precision,
    modified_at,
    status,
    embargo_until,
    is_partial,
    url,
    native_id,
    source,
    word_count,
    story_key,
    loaded_at
from mart.article_revision
where is_current and status <> 'canceled';

comment on view mart.article is 'One wide row per current article that was not canceled: what to open first. Key: article_id.';
comment on column mart.article.article_key is 'The revision, the same in every copy; bodies are stored in this order';
comment on column mart.article.article_id is 'The article, the same over its revisions and in every copy';
comment on column mart.article.revision is 'How many-th revision it is';
comment on column mart.article.publication is 'Name of the publication; unknown where the dump gives none';
comment on column mart.article.country_code is 'Country of the publication, ISO 3166-1 alpha-2';
comment on column mart.article.headline is 'Headline';
comment on column mart.article.deck is 'Deck, also called subheadline or standfirst';
comment on column mart.article.dateline is 'Dateline as printed';
comment on column mart.article.body is 'Body, paragraphs separated by an empty line';
comment on column mart.article.authors is 'Names in the byline, in order';
comment on column mart.article.topics is 'Labels that the dump gives, for list_contains(topics, ''trams''); empty for the articles of a feed that gives none';
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
comment on column mart.article.story_key is 'Articles with nearly the same text share it; it may change as others arrive; see news.dim_story';
comment on column mart.article.loaded_at is 'Start of the run that loaded it, UTC';
