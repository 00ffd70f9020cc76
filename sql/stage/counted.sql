-- The articles that the marts count off before they change and on after, whatever else turns out to be touched meanwhile.
create or replace temp table counted_article as
select article_id
from touched_article;
