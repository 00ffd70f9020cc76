create table if not exists ops.landing_scan (
    run_id varchar not null,
    trigger varchar not null,
    started_at timestamp not null,
    files bigint not null,
    new bigint not null,
    loaded bigint not null,
    unsettled bigint not null,
    parked bigint not null,
    unclaimed bigint not null,
    contested bigint not null
);

comment on table ops.landing_scan is 'One row per run that looked for new dumps of every feed, whether it found any or not. Key: run_id.';
comment on column ops.landing_scan.run_id is 'The run; it is in ops.load_run only if it found something';
comment on column ops.landing_scan.trigger is 'What started it: schedule, manual or command_line';
comment on column ops.landing_scan.started_at is 'Start of the run, UTC';
comment on column ops.landing_scan.files is 'Files that it saw, without manifests';
comment on column ops.landing_scan.new is 'Of these, those that it took';
comment on column ops.landing_scan.loaded is 'Of these, those that are loaded already';
comment on column ops.landing_scan.unsettled is 'Of these, those left for a later run because they had just changed';
comment on column ops.landing_scan.parked is 'Of these, those that are parked';
comment on column ops.landing_scan.unclaimed is 'Of these, those that no feed of sources.toml claims';
comment on column ops.landing_scan.contested is 'Files that more than one feed claims; each also counts as what became of it';
