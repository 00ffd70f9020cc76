-- Before the revisions in next_revision become a segment: what it passes over is a gap, and what was one is none.
-- Keys that nothing has now may be given out again.
insert into ops.search_gap
with
span as (
    select
        coalesce((select max(last_article_key) from ops.search_segment), 0) + 1 as first_key,
        max(article_key) as last_key
    from next_revision
),

keys as (
    select unnest(range(first_key, last_key + 1)) as article_key
    from span
)

select keys.article_key
from keys
anti join next_revision on next_revision.article_key = keys.article_key
anti join ops.search_gap on search_gap.article_key = keys.article_key;

delete from ops.search_gap
where article_key in (select article_key from next_revision);
