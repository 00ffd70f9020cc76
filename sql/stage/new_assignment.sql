-- Adds the articles that one chunk of candidates was assigned to.
insert into assignment
select
    candidate.ordinal,
    candidate.dump_key,
    assigned.article_id,
    candidate.identity_basis,
    candidate.content_hash,
    candidate.has_id_collision
from candidate
inner join assigned on assigned.ordinal = candidate.ordinal
order by candidate.ordinal;
