-- Notes the revisions in `gone` as not indexed, after they are deleted: their keys may be given out again.
insert into ops.search_gap
select gone.article_key
from gone
where
    gone.article_key not in (select article_key from ops.search_gap)
    and gone.article_key <= (select max(last_article_key) from ops.search_segment);
