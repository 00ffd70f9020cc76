-- Merges the postings of the terms from $first_term to $last_term.
insert into ops.search_posting
select
    (select max(segment_key) + 1 from merged_segment) as segment_key,
    search_posting.term_start,
    search_posting.term,
    flatten(list(search_posting.hits order by search_posting.segment_key)) as hits
from ops.search_posting
inner join merged_segment on merged_segment.segment_key = search_posting.segment_key
where search_posting.term between $first_term and $last_term
group by search_posting.term_start, search_posting.term
order by search_posting.term;
