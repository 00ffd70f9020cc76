-- The merged segment in place of those that it was made of.
insert into ops.search_segment
select
    max(segment_key) + 1 as segment_key,
    sum(revisions) as revisions,
    max(last_article_key) as last_article_key
from merged_segment;

delete from ops.search_posting
where segment_key in (select segment_key from merged_segment);

delete from ops.search_segment
where segment_key in (select segment_key from merged_segment);
