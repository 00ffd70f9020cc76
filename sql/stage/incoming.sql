-- The articles of one batch, without their bodies: each with its article, its outcome and, where it is new, its key.
create or replace temp table incoming as
with
assigned as (
    select
        ordinal,
        dump_key,
        article_id,
        identity_basis,
        content_hash
    from assignment
),

stored as (
    select distinct
        fact_article.article_id,
        fact_article.content_hash
    from news.fact_article
    semi join assigned on assigned.article_id = fact_article.article_id
),

stored_articles as (
    select distinct article_id from stored
),

new_revisions as (
    select assigned.ordinal
    from assigned
    anti join stored on stored.article_id = assigned.article_id and stored.content_hash = assigned.content_hash
    qualify
        row_number() over (partition by assigned.article_id, assigned.content_hash order by assigned.ordinal) = 1
),

outcomes as (
    select
        assigned.ordinal,
        assigned.dump_key,
        assigned.article_id,
        assigned.identity_basis,
        case
            when new_revisions.ordinal is null then 'unchanged'
            when stored_articles.article_id is not null then 'revised'
            when min(new_revisions.ordinal) over (partition by assigned.article_id) < assigned.ordinal then 'revised'
            else 'inserted'
        end as outcome
    from assigned
    left join new_revisions on new_revisions.ordinal = assigned.ordinal
    left join stored_articles on stored_articles.article_id = assigned.article_id
),

keyed as (
    select
        ordinal,
        dump_key,
        article_id,
        identity_basis,
        outcome,
        case
            when outcome <> 'unchanged'
                then
                    (select coalesce(max(article_key), 0) from news.fact_article)
                    + row_number() over (partition by outcome = 'unchanged' order by ordinal)
        end as article_key
    from outcomes
)

select
    keyed.article_key,
    keyed.article_id,
    keyed.identity_basis,
    keyed.outcome,
    keyed.dump_key,
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
    coalesce(article.modified_at, article.published_at, article.published_date::timestamp, $loaded_at) as effective_at,
    article.language_code,
    article.language_name,
    article.language_confidence,
    article.word_count,
    article.character_count,
    article.paragraph_count,
    article.content_hash,
    article.body_hash
from keyed
inner join read_parquet($articles_path) as article on article.ordinal = keyed.ordinal
order by article.ordinal;
