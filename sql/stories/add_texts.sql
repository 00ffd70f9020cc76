-- Adds the texts in `fingerprint`, each as its own leader until its leader is found.
insert into ops.story_text
select
    text_key,
    body_hash,
    shingle_count,
    story_sketch as sketch,
    text_key as leader_key
from fingerprint
order by text_key;

insert into ops.story_band
select
    unnest(story_bands) as band,
    text_key
from fingerprint
order by text_key;
