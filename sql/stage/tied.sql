-- The candidates that share a key with another one or with a stored article. Keys are compared by their hashes: who is
-- tied by chance is only looked at in vain.
create or replace temp table tied as
with
keys as (
    select
        ordinal,
        hash(native_kind, native_id) as key
    from candidate
    where native_kind is not null

    union all

    select
        ordinal,
        hash('url', url) as key
    from candidate
    where url is not null

    union all

    select
        ordinal,
        hash('content', alike_key) as key
    from candidate
    where alike_key is not null

    union all

    select
        ordinal,
        hash('content', content_key) as key
    from candidate
),

shared as (
    select key
    from keys
    group by key
    having count(*) > 1

    union all

    select hash(kind, value) as key
    from known_alias
)

select distinct keys.ordinal
from keys
semi join shared on shared.key = keys.key;
