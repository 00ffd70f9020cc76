create table if not exists ops.quality_result (
    run_id varchar not null,
    suite varchar not null,
    expectation varchar not null,
    column_name varchar,
    severity varchar not null,
    success boolean not null,
    unexpected_count bigint,
    observed_value varchar,
    reason varchar not null
);

comment on table ops.quality_result is 'One row per expectation per run.';
comment on column ops.quality_result.run_id is 'The run; see ops.load_run';
comment on column ops.quality_result.suite is 'Suite: the table or the stage it guards';
comment on column ops.quality_result.expectation is 'What was expected';
comment on column ops.quality_result.column_name is 'Column or columns it was expected of';
comment on column ops.quality_result.severity is 'critical (refuses), warning or info';
comment on column ops.quality_result.success is 'Whether it was met';
comment on column ops.quality_result.unexpected_count is 'Rows that did not meet it';
comment on column ops.quality_result.observed_value is 'What was found instead';
comment on column ops.quality_result.reason is 'Why it is expected';
