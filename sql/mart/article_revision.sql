-- after: news.article_story
-- The lists are looked up for each revision that is asked for: to make all of them for one day's would take seconds.
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
    coalesce(
        (
            select list(dim_topic.topic_name order by dim_topic.topic_key)
            from news.bridge_article_topic
            inner join news.dim_topic on dim_topic.topic_key = bridge_article_topic.topic_key
            where bridge_article_topic.article_key = fact_article.article_key
        ),
        []
    ) as topics,
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
inner join news.article_story on article_story.article_id = fact_article.article_id;

comment on view mart.article_revision is 'One wide row per revision of an article, canceled ones too, every key resolved. Key: article_key. Key: article_id, revision.';
comment on column mart.article_revision.article_key is 'The revision; bodies are stored in this order';
comment on column mart.article_revision.article_id is 'The article, stable over its revisions';
comment on column mart.article_revision.revision is 'Place among the revisions of the article, from 1';
comment on column mart.article_revision.is_current is 'The last revision of the article';
comment on column mart.article_revision.valid_from is 'When it became the valid one, UTC: modified, else published, else loaded, and never before its forerunner';
comment on column mart.article_revision.valid_to is 'When the next revision replaced it, UTC; empty while current';
comment on column mart.article_revision.publication is 'Name of the publication; unknown where the dump gives none';
comment on column mart.article_revision.country_code is 'Country of the publication, ISO 3166-1 alpha-2';
comment on column mart.article_revision.headline is 'Headline';
comment on column mart.article_revision.deck is 'Deck, also called subheadline or standfirst';
comment on column mart.article_revision.dateline is 'Dateline as printed';
comment on column mart.article_revision.body is 'Body, paragraphs separated by an empty line';
comment on column mart.article_revision.authors is 'Names in the byline, in order';
comment on column mart.article_revision.topics is 'Labels that the dump gives';
comment on column mart.article_revision.agency is 'News agencies credited';
comment on column mart.article_revision.language_code is 'ISO 639-1 code; und where undetermined';
comment on column mart.article_revision.section is 'Section; unknown where the dump gives none';
comment on column mart.article_revision.page is 'Page as printed';
comment on column mart.article_revision.edition is 'Edition as printed';
comment on column mart.article_revision.published_at is 'Publication instant, UTC; empty where no time was printed';
comment on column mart.article_revision.published_date is 'Date as printed, where it was printed; empty where unknown';
comment on column mart.article_revision.published_date_key is 'That date as yyyymmdd; 0 is unknown';
comment on column mart.article_revision.date_basis is 'Where the date is from: native, manifest, path, inferred or unknown';
comment on column mart.article_revision.date_precision is 'How exactly it is known';
comment on column mart.article_revision.modified_at is 'Instant of the last change as the dump states it, UTC';
comment on column mart.article_revision.status is 'usable, corrected, canceled, withheld or embargoed';
comment on column mart.article_revision.embargo_until is 'Not for publication before this instant, UTC';
comment on column mart.article_revision.is_partial is 'An excerpt or summary only';
comment on column mart.article_revision.url is 'Address without tracking parameters';
comment on column mart.article_revision.native_id is 'Id that the dump gave';
comment on column mart.article_revision.source is 'Feed that brought it';
comment on column mart.article_revision.word_count is 'Words in the body';
comment on column mart.article_revision.story_key is 'Articles with nearly the same text share it; it may change as others arrive; see news.dim_story';
comment on column mart.article_revision.loaded_at is 'Start of the run that loaded it, UTC';
