-- Merges the newest segments into one, from the oldest that is not larger than all later ones together; so that there
-- are few, and each word is merged few times. Segments stay below $revisions, for what is taken out is taken out of a
-- whole segment.
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

insert into ops.search_posting
select
    (select max(segment_key) + 1 from merged_segment) as segment_key,
    search_posting.term,
    flatten(list(search_posting.article_keys)) as article_keys,
    flatten(list(search_posting.headline_keys)) as headline_keys
from ops.search_posting
inner join merged_segment on merged_segment.segment_key = search_posting.segment_key
group by search_posting.term
order by search_posting.term;

insert into ops.search_segment
select
    max(segment_key) + 1 as segment_key,
    sum(revisions) as revisions,
    max(last_article_key) as last_article_key
from merged_segment
having count(*) > 0;

delete from ops.search_posting
where segment_key in (select segment_key from merged_segment);

delete from ops.search_segment
where segment_key in (select segment_key from merged_segment);
