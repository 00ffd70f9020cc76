-- Which revisions from $after_key to $last_article_key still wait, with the text that was read, in next_revision; and
-- whether it is all of them.
create or replace temp table next_revision as
select article_text.article_key
from news.article_text
inner join collected.ops.text_read on text_read.article_key = article_text.article_key
where
    article_text.article_key > $after_key
    and article_text.article_key <= $last_article_key
    and article_text.article_key in (select article_key from waiting_revision)
    and hash(article_text.headline, article_text.deck, article_text.body) = text_read.text_hash;

select
    (select count(*) from next_revision) as revisions,
    count(*) as revisions_read
from collected.ops.text_read
where article_key > $after_key and article_key <= $last_article_key;
