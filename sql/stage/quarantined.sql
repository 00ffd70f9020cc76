-- The raw records and rejected pieces of one batch that are not loaded, as the reader returned them;
-- nothing of what was taken down.
with
rejected as (
    select
        ordinal,
        stage,
        reason
    from read_parquet($rejected_path)
    where stage <> 'takedown'
)

select
    rejected.ordinal,
    incoming_dump.dump_key,
    incoming_dump.path,
    incoming_dump.format,
    coalesce(record.position, piece.position) as position,
    rejected.stage,
    rejected.reason,
    piece.piece,
    record
from rejected
left join read_parquet($raw_path) as record on record.ordinal = rejected.ordinal
left join read_parquet($pieces_path) as piece on piece.ordinal = rejected.ordinal
inner join incoming_dump on incoming_dump.delivery = coalesce(record.delivery, piece.delivery)
order by rejected.ordinal;
