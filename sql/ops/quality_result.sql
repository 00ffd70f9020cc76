create table if not exists ops.quality_result (
    run_id varchar not null,
    suite varchar not null,
    expectation varchar not null,
    column_name varchar,
    severity varchar not null,
    success boolean not null,
    unexpected_count bigint,
    observed_value varchar,
    reason varchar not null,
    element_count bigint
);

comment on table ops.quality_result is 'One row per expectation per run.';
comment on column ops.quality_result.run_id is 'The run; see ops.load_run';
comment on column ops.quality_result.suite is 'Suite, named after the table or stage that it checks';
comment on column ops.quality_result.expectation is 'What was expected';
comment on column ops.quality_result.column_name is 'Column or columns it applies to';
comment on column ops.quality_result.severity is 'critical (rejects the article, refuses the dump or stops the publish), warning or info';
comment on column ops.quality_result.success is 'Whether the expectation was met';
comment on column ops.quality_result.unexpected_count is 'Rows that did not meet it';
comment on column ops.quality_result.observed_value is 'What was found instead';
comment on column ops.quality_result.reason is 'Why it is expected';
comment on column ops.quality_result.element_count is 'Rows that were checked; empty if it is not about single rows, or was checked before this was counted';
