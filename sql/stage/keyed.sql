-- What becomes of the articles of one batch: each with its article, its outcome and, where it is new, its key.
create or replace temp table keyed as
with
assigned as (
    select
        assignment.ordinal,
        assignment.dump_key,
        assignment.article_id,
        assignment.identity_basis,
        article.content_hash
    from assignment
    inner join read_parquet($articles_path) as article on article.ordinal = assignment.ordinal
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

highest as (
    select coalesce(max(article_key), 0) as article_key from news.fact_article
)

select
    outcomes.ordinal,
    outcomes.dump_key,
    outcomes.article_id,
    outcomes.identity_basis,
    outcomes.outcome,
    case
        when outcomes.outcome <> 'unchanged'
            then
                highest.article_key
                + row_number() over (partition by outcomes.outcome = 'unchanged' order by outcomes.ordinal)
    end as article_key,
    $loaded_at as loaded_at
from outcomes
cross join highest;
