-- after: mart.search_folded, mart.search_joined, mart.search_runs, mart.search_signs, mart.search_tokens
create or replace macro mart.search_sketch(question) as
    list_transform(
        [mart.search_tokens(question)],
        lambda tokens: if(
            len(list_filter(tokens, lambda token: token in ('(', '-(', 'OR', 'NOT'))) > 1,
            '',
            mart.search_joined(
                mart.search_runs(
                    mart.search_folded(trim(coalesce(list_filter(tokens, lambda token: starts_with(token, '"'))[1], ''), '"'))
                ),
                '[' || mart.search_signs() || ']*'
            )
        )
    )[1];

comment on macro mart.search_sketch is 'A regular expression that is found, whatever its case, in every plain text in which a question with a wanted phrase holds: the words of its first phrase. Of all other questions the empty one, which is found everywhere.';
