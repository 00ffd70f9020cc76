-- after: news.article_story
-- The lists are looked up for each revision selected: building all of them to read one day's would take seconds. A plain
-- LIMIT selects all: with the text joined behind the lists it takes half the time, but a search in bodies three times
-- as much; with both lists in one lookup a single article takes five times as much.
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
