-- after: ops.load_run
create table if not exists ops.publication (
    number integer not null,
    run_id varchar not null,
    published_at timestamp not null
);

comment on table ops.publication is 'One row per published copy of the warehouse, recorded just before the copy is made. Key: number.';
comment on column ops.publication.number is 'Number of the copy, as in its path: published/<number>/broadsheet.duckdb';
comment on column ops.publication.run_id is 'The last run included in it; see ops.load_run';
comment on column ops.publication.published_at is 'When it was published, UTC';
