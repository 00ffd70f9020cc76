create table if not exists ops.story_band (
    band uinteger not null,
    text_key bigint not null
);

comment on table ops.story_band is 'Up to 12 hashes per text, each of eight consecutive words: two texts that share one may be similar. Filled by etl/warehouse/stories.py.';
comment on column ops.story_band.band is 'The hash';
comment on column ops.story_band.text_key is 'The text; see ops.story_text';
