create table if not exists ops.dump (
    dump_key bigint not null,
    path varchar not null,
    source varchar not null,
    format varchar not null,
    sha256 varchar not null,
    manifest_sha256 varchar not null,
    bytes bigint not null,
    first_seen_at timestamp not null,
    stated varchar
);

comment on table ops.dump is 'One row per delivery: a file with its manifest, as it arrived. Key: dump_key. Key: source, path, sha256, manifest_sha256.';
comment on column ops.dump.dump_key is 'Surrogate key of the delivery';
comment on column ops.dump.path is 'Path below the landing folder; the full path if the file is elsewhere';
comment on column ops.dump.source is 'Feed it belongs to; ad_hoc if none';
comment on column ops.dump.format is 'Format in which it was first read';
comment on column ops.dump.sha256 is 'SHA-256 of the file; empty if it could not be read';
comment on column ops.dump.manifest_sha256 is 'SHA-256 of what its manifest or a form stated about it; empty if nothing was stated';
comment on column ops.dump.bytes is 'Size of the file';
comment on column ops.dump.first_seen_at is 'Start of the run that first saw it, UTC';
comment on column ops.dump.stated is 'JSON: what its manifest or a form stated about it; empty if nothing was stated, or if it was first seen before this column existed';

insert into ops.dump
select
    dump_key,
    path,
    source,
    format,
    sha256,
    manifest_sha256,
    bytes,
    $loaded_at as first_seen_at,
    stated
from incoming_dump
where is_new
order by dump_key;
