create table if not exists ops.schema_version (
    version integer not null,
    fingerprint varchar not null,
    applied_at timestamp not null
);

comment on table ops.schema_version is 'One row per change of the schema; the last row tells what this file follows. Key: version, fingerprint.';
comment on column ops.schema_version.version is 'Number of the last file of sql/migrations applied; 0 before the first';
comment on column ops.schema_version.fingerprint is 'SHA-256 of the CREATE and COMMENT statements followed';
comment on column ops.schema_version.applied_at is 'Start of the run that applied it, UTC';
