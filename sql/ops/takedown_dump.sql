-- after: ops.dump
create table if not exists ops.takedown_dump (
    dump_key bigint not null,
    noted_at timestamp not null
);

comment on table ops.takedown_dump is 'Deliveries that contain what was taken down: as long as their files lie in the landing folder, these still hold the text. Key: dump_key.';
comment on column ops.takedown_dump.dump_key is 'The delivery; see ops.dump';
comment on column ops.takedown_dump.noted_at is 'When that was first noted, UTC: at the takedown, or when the delivery came later';

insert into ops.takedown_dump
with
found as (
    select dump_key
    from taken_down

    union

    select incoming_dump.dump_key
    from read_parquet($rejected_path) as rejected
    inner join incoming_dump on incoming_dump.delivery = rejected.delivery
    where rejected.stage = 'takedown'
)

select
    found.dump_key,
    $loaded_at as noted_at
from found
anti join ops.takedown_dump as known on known.dump_key = found.dump_key
order by found.dump_key;
