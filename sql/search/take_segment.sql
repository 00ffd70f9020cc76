-- Adds the collected segment $segment_key, of the revisions in next_revision. Its rows are in the order of their words.
insert into ops.search_posting
select
    (select coalesce(max(segment_key), 0) + 1 from ops.search_segment) as segment_key,
    term_start,
    term,
    hits
from collected.ops.search_posting
where segment_key = $segment_key;

insert into ops.search_segment
select
    (select coalesce(max(segment_key), 0) + 1 from ops.search_segment) as segment_key,
    count(*) as revisions,
    max(article_key) as last_article_key
from next_revision;
