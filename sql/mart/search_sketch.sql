-- after: mart.search_folded, mart.search_joined, mart.search_runs, mart.search_signs
create or replace macro mart.search_sketch(question) as
    if(
        regexp_matches(question, '[()]|\b(?:OR|NOT)\b'),
        '',
        mart.search_joined(
            mart.search_runs(mart.search_folded(regexp_extract(question, '(?:^|\s)"([^"]+)"', 1))),
            '[' || mart.search_signs() || ']*'
        )
    );

comment on macro mart.search_sketch is 'A regular expression that is found, whatever its case, in every plain text in which a question with a wanted phrase holds: the words of its first phrase. Of all other questions the empty one, which is found everywhere.';
