-- The articles between which the revisions in `moved` change.
create or replace temp table touched_article as
select distinct
    article_id,
    true as is_renumbered
from (
    select former_article_id as article_id from moved

    union all

    select article_id from moved
);
