create table if not exists ops.story_text (
    text_key bigint not null,
    body_hash varchar not null,
    shingle_count integer not null,
    sketch blob,
    leader_key bigint not null
);

comment on table ops.story_text is 'One row per distinct body among the current revisions, with what is needed to recognise similar bodies: hashes, no words. Filled by etl/warehouse/stories.py. Key: text_key. Key: body_hash.';
comment on column ops.story_text.text_key is 'Surrogate key; 0 stands for no body';
comment on column ops.story_text.body_hash is 'Hash of the cleaned body, as in news.fact_article';
comment on column ops.story_text.shingle_count is 'Number of runs of four consecutive words in the body: its length';
comment on column ops.story_text.sketch is 'Four bits of the smallest shingle in each of 128 bins, from which shared text is estimated; empty if the text is too short to be similar to another';
comment on column ops.story_text.leader_key is 'text_key of the text that leads its story: the longest text it is similar to; its own key if it leads';

-- derived
insert into ops.story_text (text_key, body_hash, shingle_count, leader_key)
select 0, '', 0, 0
where not exists (select 1 from ops.story_text where text_key = 0);
