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
comment on column ops.dump.dump_key is 'Surrogate key';
comment on column ops.dump.path is 'Path below the landing folder; the whole path where it lies elsewhere';
comment on column ops.dump.source is 'Feed that it belongs to; ad_hoc where none';
comment on column ops.dump.format is 'Format it was first read as';
comment on column ops.dump.sha256 is 'SHA-256 of the file; empty where it could not be read';
comment on column ops.dump.manifest_sha256 is 'SHA-256 of what was stated of it from outside; empty where nothing was';
comment on column ops.dump.bytes is 'Size of the file';
comment on column ops.dump.first_seen_at is 'Start of the run that first saw it, UTC';
comment on column ops.dump.stated is 'JSON of what was stated of it from outside, by its manifest or a form; empty where nothing was, or where it was first seen before this was kept';

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
