create table if not exists ops.story_band (
    band uinteger not null,
    text_key bigint not null
);

comment on table ops.story_band is 'Up to 12 hashes of eight words in a row for each text: two texts that share one may be alike. Filled by etl/warehouse/stories.py.';
comment on column ops.story_band.band is 'The hash';
comment on column ops.story_band.text_key is 'The text; see ops.story_text';
