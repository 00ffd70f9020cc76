-- Totals of the marts beside totals of the stored rows: one row.
with
stored as (
    select
        count(*) filter (is_current and status <> 'canceled') as articles,
        count(*) filter (is_current and status <> 'canceled' and is_partial) as partial_articles,
        coalesce(sum(word_count) filter (is_current and status <> 'canceled'), 0)::bigint as words,
        count(*) filter (revision > 1) as later_revisions
    from news.fact_article
),

days as (
    select
        coalesce(sum(articles), 0)::bigint as articles,
        coalesce(sum(partial_articles), 0)::bigint as partial_articles,
        coalesce(sum(copies), 0)::bigint as copies,
        coalesce(sum(words), 0)::bigint as words
    from mart.daily_count
),

stories as (
    select
        story_key,
        count(*) filter (publication_key <> 0) as articles,
        count(distinct nullif(publication_key, 0)) as publications,
        count(*) filter (place > 1) as copies
    from mart.story_article
    where kind = 'story'
    group by story_key
),

story_totals as (
    select
        coalesce(sum(copies), 0)::bigint as copies,
        coalesce(sum(articles) filter (publications > 1), 0)::bigint as syndicated
    from stories
)

select
    stored.articles,
    days.articles as daily_articles,
    stored.partial_articles,
    days.partial_articles as daily_partial_articles,
    stored.words,
    days.words as daily_words,
    story_totals.copies,
    days.copies as daily_copies,
    story_totals.syndicated,
    (select coalesce(sum(articles), 0)::bigint from mart.syndication) as syndication_articles,
    stored.later_revisions,
    (select count(*) from mart.revision_history) as revision_history_rows
from stored
cross join days
cross join story_totals;
