create or replace macro mart.search_closed(state) as
    case
        when len(state.negated) > 0
        then error('there is a ( without a ) after it')
        when state.current[1] = [[]::varchar[]]
        then []
        when len(list_filter(state.current[1], lambda clause: len(list_filter(clause, lambda part: not starts_with(part, '-'))) = 0)) > 0
        then error('a minus sign or NOT excludes; there must be, on each side of an OR, at least one word that is wanted')
        else state.current[1]
    end;

comment on macro mart.search_closed is 'The clauses of a question that was read to its end by mart.search_clauses; none of an empty question. Raises an error where a parenthesis is open or nothing is wanted.';
