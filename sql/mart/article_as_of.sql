-- after: mart.article_revision, ops.load_run
create or replace macro mart.article_as_of(instant, known_at := 'infinity'::timestamp) as table
with
-- What a run loaded while the clock was set back was not known before what earlier runs had loaded.
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
