-- Takes the words of the revisions in `gone` out of the search index by removing their
-- segments, which are built again later.
create or replace temp table stale_segment as
select distinct search_segment.segment_key
from ops.search_segment
inner join gone on gone.article_key between search_segment.first_article_key and search_segment.last_article_key;

delete from ops.search_posting
where segment_key in (select segment_key from stale_segment);

delete from ops.search_segment
where segment_key in (select segment_key from stale_segment);
