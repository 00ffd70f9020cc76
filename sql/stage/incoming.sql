-- The articles of one batch, without their bodies, each with what `keyed` says of it.
create or replace temp table incoming as
select
    keyed.article_key,
    keyed.article_id,
    keyed.identity_basis,
    keyed.outcome,
    keyed.dump_key,
    keyed.loaded_at,
    article.ordinal,
    article.source,
    article.position,
    article.native_id,
    article.native_version,
    article.version_number,
    article.url,
    article.publication_name,
    article.publication_country_code,
    article.publication_language_code,
    article.publication_domain,
    article.section_name,
    article.page,
    article.edition,
    article.authors,
    article.author_count,
    article.topics,
    article.agency,
    article.status,
    article.embargo_until,
    article.is_partial,
    article.published_at,
    article.published_date,
    article.modified_at,
    article.date_basis,
    article.date_precision,
    coalesce(article.modified_at, article.published_at, article.published_date::timestamp, keyed.loaded_at) as effective_at,
    article.language_code,
    article.language_name,
    article.language_confidence,
    article.word_count,
    article.character_count,
    article.paragraph_count,
    article.content_hash,
    article.body_hash,
    article.content_key
from keyed
inner join read_parquet($articles_path) as article on article.ordinal = keyed.ordinal
order by article.ordinal;

create or replace temp table touched_article as
select
    article_id,
    bool_or(outcome = 'revised') as is_renumbered
from incoming
where outcome in ('inserted', 'revised')
group by article_id;
