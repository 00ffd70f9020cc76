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
