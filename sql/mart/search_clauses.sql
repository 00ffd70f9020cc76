-- after: mart.search_both, mart.search_neither, mart.search_tokens
-- The question is read from left to right. For each open parenthesis there is a level with the clauses before its last
-- OR (`done`), those since then (`current`), and whether what it holds is negated. `operator` waits for its operand.
create or replace macro mart.search_clauses(question) as
    list_reduce(
        list_transform(
            mart.search_tokens(question),
            lambda token: {
                'token': token,
                'done': []::varchar[][][],
                'current': []::varchar[][][],
                'negated': []::boolean[],
                'is_negated': false,
                'operator': ''
            }
        ),
        lambda seen, next: case
            when seen.token <> '' and len(seen.negated) = 0
            then error('there is a ) without a ( before it')
            when next.token in ('OR', ')') and seen.operator <> ''
            then error(seen.operator || ' must be followed by a word, a phrase or a (; to search for the word itself, write "' || seen.operator || '"')
            when next.token in ('OR', 'AND') and len(seen.current[-1][1]) = 0
            then error(next.token || ' must stand between two words; to search for the word itself, write "' || next.token || '"')
            when next.token = ')' and len(seen.current[-1][1]) = 0 and len(seen.done[-1]) > 0
            then error('OR must be followed by a word, a phrase or a (; to search for the word itself, write "OR"')
            when next.token = ')' and len(seen.current[-1][1]) = 0 and len(seen.negated) > 1
            then error('there is nothing between ( and )')
            when next.token in ('(', '-(')
            then {
                'token': next.token,
                'done': list_append(seen.done, []::varchar[][]),
                'current': list_append(seen.current, [[]::varchar[]]),
                'negated': list_append(seen.negated, seen.is_negated <> (next.token = '-(')),
                'is_negated': false,
                'operator': ''
            }
            when next.token = 'OR'
            then {
                'token': next.token,
                'done': list_append(seen.done[:-2], list_concat(seen.done[-1], seen.current[-1])),
                'current': list_append(seen.current[:-2], [[]::varchar[]]),
                'negated': seen.negated,
                'is_negated': false,
                'operator': ''
            }
            when next.token in ('AND', 'NOT')
            then {
                'token': next.token,
                'done': seen.done,
                'current': seen.current,
                'negated': seen.negated,
                'is_negated': seen.is_negated <> (next.token = 'NOT'),
                'operator': next.token
            }
            when next.token = ')'
            then {
                'token': next.token,
                'done': seen.done[:-2],
                'current': case
                    when len(seen.current) = 1
                    then [list_concat(seen.done[-1], seen.current[-1])]
                    else list_append(
                        seen.current[:-3],
                        mart.search_both(
                            seen.current[-2],
                            if(
                                seen.negated[-1],
                                mart.search_neither(list_concat(seen.done[-1], seen.current[-1])),
                                list_concat(seen.done[-1], seen.current[-1])
                            )
                        )
                    )
                end,
                'negated': seen.negated[:-2],
                'is_negated': false,
                'operator': ''
            }
            else {
                'token': next.token,
                'done': seen.done,
                'current': list_append(
                    seen.current[:-2],
                    mart.search_both(
                        seen.current[-1],
                        [[if(seen.is_negated, mart.search_not(next.token), next.token)]]
                    )
                ),
                'negated': seen.negated,
                'is_negated': false,
                'operator': ''
            }
        end,
        {
            'token': '',
            'done': []::varchar[][][],
            'current': []::varchar[][][],
            'negated': []::boolean[],
            'is_negated': false,
            'operator': ''
        }
    );

comment on macro mart.search_clauses is 'A question as its state after the last token: `current[1]` holds its clauses, one of which must hold; each is a list of parts (words and phrases, negated ones with a minus sign) that must all hold. `negated` is empty unless a parenthesis was left open. Raises an error that names what is not understood.';
