-- The bodies that the articles in `touched_article` have now. Creates `assigned_text` (those articles and their texts),
-- `gained` (new texts), `unsettled` (texts whose leaders have to be found) and `touched_leader`.
-- In an older warehouse, in which no text has been stored yet, all articles are touched.
insert into touched_article
select distinct
    fact_article.article_id,
    false as is_renumbered
from news.fact_article
anti join touched_article on touched_article.article_id = fact_article.article_id
where not exists (select 1 from ops.story_text where text_key > 0);

create or replace temp table present as
select
    fact_article.article_id,
    fact_article.article_key,
    fact_article.body_hash
from news.fact_article
semi join touched_article on touched_article.article_id = fact_article.article_id
where fact_article.is_current;

create or replace temp table known_text as
select
    story_text.text_key,
    story_text.body_hash
from ops.story_text
semi join present on present.body_hash = story_text.body_hash;

create or replace temp table gained as
with
new_texts as (
    select
        present.body_hash,
        min(present.article_key) as article_key
    from present
    anti join known_text on known_text.body_hash = present.body_hash
    where present.body_hash is not null
    group by present.body_hash
),

highest as (
    select coalesce(max(text_key), 0) as text_key from ops.story_text
)

select
    highest.text_key + row_number() over (order by new_texts.article_key) as text_key,
    new_texts.body_hash,
    new_texts.article_key
from new_texts
cross join highest;

create or replace temp table assigned_text as
select
    present.article_id,
    coalesce(gained.text_key, known_text.text_key, 0) as text_key
from present
left join gained on gained.body_hash = present.body_hash
left join known_text on known_text.body_hash = present.body_hash;

create or replace temp table former as
select distinct article_story.text_key
from news.article_story
semi join touched_article on touched_article.article_id = article_story.article_id
where article_story.text_key > 0;

create or replace temp table lost as
with
still_had as (
    select article_story.text_key
    from news.article_story
    semi join former on former.text_key = article_story.text_key
    anti join touched_article on touched_article.article_id = article_story.article_id
)

select text_key
from former
anti join still_had on still_had.text_key = former.text_key
anti join assigned_text on assigned_text.text_key = former.text_key;

-- Texts that still need a leader: new ones, and those whose leader is gone.
create or replace temp table unsettled as
select text_key
from gained

union all

select story_text.text_key
from ops.story_text
semi join lost on lost.text_key = story_text.leader_key
anti join lost as gone on gone.text_key = story_text.text_key;

-- Also the stories that an article has left: they may be named after it, or have begun with it.
create or replace temp table touched_leader as
select leader_key
from ops.story_text
semi join former on former.text_key = story_text.text_key

union

select text_key as leader_key
from unsettled;

delete from ops.story_text
where text_key in (select text_key from lost);

delete from ops.story_band
where text_key in (select text_key from lost);

update ops.story_text
set leader_key = text_key
where text_key in (select text_key from unsettled);
