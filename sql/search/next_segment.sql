-- The next of waiting_revision to index, in next_revision: at most $revisions after $after.
create or replace temp table next_revision as
select article_key
from waiting_revision
where article_key > $after
order by article_key
limit $revisions;

select
    count(*) as revisions,
    max(article_key) as last_article_key
from next_revision;
