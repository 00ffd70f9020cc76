-- The article of every candidate of one batch (in `assigned`), and the keys by which they will be recognised: all keys
-- of candidates that are tied to nothing, and those in `tied_alias`.
create or replace temp table assignment as
select
    candidate.ordinal,
    candidate.dump_key,
    assigned.article_id,
    candidate.identity_basis,
    candidate.has_id_collision
from candidate
inner join assigned on assigned.ordinal = candidate.ordinal;

insert into ops.article_alias
with
keys as (
    select
        candidate.dump_key,
        assigned.article_id,
        unnest(
            [
                {'kind': candidate.native_kind, 'value': candidate.native_id},
                {'kind': 'url', 'value': candidate.url},
                {'kind': 'content', 'value': candidate.alike_key},
                {'kind': 'content', 'value': candidate.content_key}
            ],
            recursive := true
        )
    from candidate
    inner join assigned on assigned.ordinal = candidate.ordinal
    anti join tied on tied.ordinal = candidate.ordinal
)

select
    kind,
    value,
    article_id,
    dump_key
from keys
where kind is not null and value is not null

union all

select
    tied_alias.kind,
    tied_alias.value,
    tied_alias.article_id,
    candidate.dump_key
from tied_alias
inner join candidate on candidate.ordinal = tied_alias.ordinal;
