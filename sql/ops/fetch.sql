create table if not exists ops.fetch (
    feed varchar not null,
    address varchar not null,
    landing_path varchar not null,
    size_bytes bigint not null,
    modified_at timestamp,
    etag varchar,
    fetched_at timestamp not null,
    run_id varchar not null
);

comment on table ops.fetch is 'One row per file that was fetched into the landing folder from elsewhere; another one when it had changed there and was fetched again. Key: address, feed, run_id.';
comment on column ops.fetch.feed is 'The feed of sources.toml whose path is an address';
comment on column ops.fetch.address is 'Where the file was fetched from, without user and password';
comment on column ops.fetch.landing_path is 'Its path below the landing folder';
comment on column ops.fetch.size_bytes is 'Its size in bytes';
comment on column ops.fetch.modified_at is 'When it was last changed there, as the other side says, UTC; NULL if it does not say';
comment on column ops.fetch.etag is 'What the other side calls this content of it; NULL if it does not say';
comment on column ops.fetch.fetched_at is 'Start of the run that fetched it, UTC';
comment on column ops.fetch.run_id is 'The run that fetched it, or found it in the landing folder as it is elsewhere';
