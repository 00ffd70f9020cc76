create table if not exists ops.takedown (
    kind varchar not null,
    value varchar not null,
    reason varchar not null,
    requested_by varchar not null,
    approved_by varchar not null,
    taken_down_at timestamp not null,
    completed_at timestamp
);

comment on table ops.takedown is 'Keys and content hashes that must not be loaded again; no text. Key: kind, value.';
comment on column ops.takedown.kind is 'native_id, native_id:<source>, url, content or content_hash';
comment on column ops.takedown.value is 'The key or hash';
comment on column ops.takedown.reason is 'Why it was taken down';
comment on column ops.takedown.requested_by is 'Who asked for it';
comment on column ops.takedown.approved_by is 'Who approved it; never the person who asked';
comment on column ops.takedown.taken_down_at is 'When it was taken down, UTC';
comment on column ops.takedown.completed_at is 'When no file of Broadsheet held any trace of it any more, UTC; empty while the takedown is unfinished';
