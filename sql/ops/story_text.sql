create table if not exists ops.story_text (
    text_key bigint not null,
    body_hash varchar not null,
    shingle_count integer not null,
    sketch blob,
    leader_key bigint not null
);

comment on table ops.story_text is 'One row per different body among the current revisions, and what is kept of it to tell what it is like: hashes, no words. Filled by etl/warehouse/stories.py. Key: text_key. Key: body_hash.';
comment on column ops.story_text.text_key is 'Surrogate key; 0 stands for no body';
comment on column ops.story_text.body_hash is 'Hash of the clean body, as in news.fact_article';
comment on column ops.story_text.shingle_count is 'How many times four words stand in a row in it: its length';
comment on column ops.story_text.sketch is 'Four bits of the least shingle in each of 128 bins, from which shared text is estimated; empty where the text is too short to be like another';
comment on column ops.story_text.leader_key is 'text_key of the text that leads its story: the longest that it is like; its own where it leads';

-- derived
insert into ops.story_text (text_key, body_hash, shingle_count, leader_key)
select 0, '', 0, 0
where not exists (select 1 from ops.story_text where text_key = 0);
