-- The newest segments are merged into one, from the oldest that is not larger than all later ones together; so that
-- there are few, and each word is merged few times. None gets more than $revisions, because what is taken out is taken
-- out of a whole segment. The terms come in stretches of about $postings, each merged by itself, to bound the memory.
create or replace temp table merged_segment as
with
newer as (
    select
        segment_key,
        revisions,
        last_article_key,
        coalesce(
            sum(revisions) over (order by segment_key rows between 1 following and unbounded following), 0
        ) as newer_revisions
    from ops.search_segment
),

oldest as (
    select min(segment_key) as segment_key
    from newer
    where newer_revisions >= revisions and newer_revisions + revisions <= $revisions
)

select
    newer.segment_key,
    newer.revisions,
    newer.last_article_key
from newer
cross join oldest
where newer.segment_key >= oldest.segment_key;

with
terms as (
    select
        search_posting.term,
        sum(len(search_posting.hits)) as postings
    from ops.search_posting
    inner join merged_segment on merged_segment.segment_key = search_posting.segment_key
    group by search_posting.term
),

stretched as (
    select
        term,
        sum(postings) over (order by term) // $postings as stretch
    from terms
)

select
    min(term) as first_term,
    max(term) as last_term
from stretched
group by stretch
order by first_term;
