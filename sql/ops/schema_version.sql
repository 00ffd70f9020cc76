create table if not exists ops.schema_version (
    version integer not null,
    fingerprint varchar not null,
    applied_at timestamp not null,
    last_run_number bigint
);

comment on table ops.schema_version is 'One row per schema change; the last row is the schema of this file. Key: version, fingerprint.';
comment on column ops.schema_version.version is 'Number of the last file in sql/migrations that was applied; 0 before the first';
comment on column ops.schema_version.fingerprint is 'SHA-256 of the CREATE and COMMENT statements applied';
comment on column ops.schema_version.applied_at is 'When it was applied, UTC; later than in any row before';
comment on column ops.schema_version.last_run_number is 'Number of the last run before it was applied; empty if there was none, or if not recorded';
