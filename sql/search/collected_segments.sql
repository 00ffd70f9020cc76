-- The segments that were collected, and between which keys each has its revisions.
select
    segment_key,
    coalesce(lag(last_article_key) over (order by segment_key), 0) as after_key,
    last_article_key
from collected.ops.search_segment
order by segment_key;
