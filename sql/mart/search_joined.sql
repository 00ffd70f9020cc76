-- Not array_to_string: that computes its list twice, once to see whether it is empty.
create or replace macro mart.search_joined(pieces, separator) as coalesce(list_aggregate(pieces, 'string_agg', separator), '');

comment on macro mart.search_joined is 'Pieces of a text as one, with the separator between them.';
