create table if not exists ops.takedown (
    kind varchar not null,
    value varchar not null,
    reason varchar not null,
    requested_by varchar not null,
    approved_by varchar not null,
    taken_down_at timestamp not null,
    completed_at timestamp,
    samples uinteger[],
    sketch blob
);

comment on table ops.takedown is 'Keys, hashes and fingerprints of what must not be loaded again; no text. Key: kind, value.';
comment on column ops.takedown.kind is 'native_id, native_id:<source>, url, content, content_hash, or text for a body';
comment on column ops.takedown.value is 'The key or hash; of a text, the hash of its letters and digits';
comment on column ops.takedown.reason is 'Why it was taken down';
comment on column ops.takedown.requested_by is 'Who asked for it';
comment on column ops.takedown.approved_by is 'Who approved it; never the person who asked';
comment on column ops.takedown.taken_down_at is 'When it was taken down, UTC';
comment on column ops.takedown.completed_at is 'When no file of Broadsheet held any trace of it any more, UTC; empty while the takedown is unfinished';
comment on column ops.takedown.samples is 'Of a text: hashes of one in 32 of its runs of 16 letters, by which it is found inside others; see etl/normalise/tombstones.py';
comment on column ops.takedown.sketch is 'Of a short text: four bits of the smallest run of five letters in each of 128 bins, by which it is found with changes';
