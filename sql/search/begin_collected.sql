-- In an empty file, beside what is published: tables like those of the index, and which text each revision in
-- waiting_revision has.
create schema ops;

create table ops.search_posting as
select
    segment_key,
    term_start,
    term,
    hits
from broadsheet.ops.search_posting
where false;

create table ops.search_segment as
select
    segment_key,
    revisions,
    last_article_key
from broadsheet.ops.search_segment
where false;

create table ops.text_read as
select
    article_text.article_key,
    hash(article_text.headline, article_text.deck, article_text.body) as text_hash
from broadsheet.news.article_text
inner join waiting_revision on waiting_revision.article_key = article_text.article_key;
