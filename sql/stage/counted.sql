-- The articles that the marts subtract before the change and add after it, whatever else turns out to be touched.
create or replace temp table counted_article as
select article_id
from touched_article;
