-- The raw records and rejected pieces of one batch that are not loaded, as the reader returned them;
-- nothing of what was taken down. date_habits is what the date columns of the whole dump show.
with
rejected as (
    select
        ordinal,
        stage,
        reason
    from read_parquet($rejected_path)
    where stage <> 'takedown'
),

habits as (
    select
        habit.delivery,
        list(habit) as date_habits
    from read_parquet($date_habits_path) as habit
    group by habit.delivery
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
    record,
    habits.date_habits
from rejected
left join read_parquet($raw_path) as record on record.ordinal = rejected.ordinal
left join read_parquet($pieces_path) as piece on piece.ordinal = rejected.ordinal
inner join incoming_dump on incoming_dump.delivery = coalesce(record.delivery, piece.delivery)
left join habits on incoming_dump.delivery = habits.delivery
order by rejected.ordinal;
