-- Fingerprints of texts, to be filled.
create or replace temp table fingerprint (
    text_key bigint,
    body_hash varchar,
    shingle_count integer,
    story_bands uinteger[],
    story_sketch blob
);
