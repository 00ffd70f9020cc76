-- after: mart.search_as_written, mart.search_clauses, mart.search_closed, mart.search_joined, mart.search_lookups, mart.search_pattern, mart.search_runs, mart.search_unspaced
-- Where words have signs, the pattern finds them, with the characters before and after.
create or replace macro mart.search_parts(question) as
    list_transform(
        list_transform([mart.search_clauses(question)], lambda state: mart.search_closed(state))[1],
        lambda clause: list_transform(
            list_transform(
                list_transform(
                    clause,
                    lambda part: {
                        'part': part,
                        'words': mart.search_as_written(regexp_replace(part, '^-?(headline:)?', ''))
                    }
                ),
                lambda cut: {
                    'part': cut.part,
                    'words': cut.words,
                    'runs': mart.search_runs(mart.search_joined(cut.words, ' '))
                }
            ),
            lambda asked: {
                'is_wanted': not starts_with(asked.part, '-'),
                'in_headline': regexp_matches(asked.part, '^-?headline:'),
                'runs': asked.runs,
                'is_beginning': ends_with(asked.part, '*'),
                'lookups': mart.search_lookups(asked.runs, ends_with(asked.part, '*')),
                'is_certain': asked.runs = asked.words and len(asked.words) = 1 and (
                    length(asked.words[1]) <= 2 or not regexp_matches(asked.words[1], '^[' || mart.search_unspaced() || ']')
                ),
                'needle': if(regexp_matches(asked.runs[1], '^[' || mart.search_unspaced() || ']'), '', ' ')
                    || mart.search_joined(asked.runs, ' ')
                    || if(
                        ends_with(asked.part, '*') or regexp_matches(asked.runs[-1], '^[' || mart.search_unspaced() || ']'), '', ' '
                    ),
                'pattern': if(
                    mart.search_joined(asked.runs, '') = mart.search_joined(asked.words, ''),
                    null,
                    mart.search_pattern(asked.words, ends_with(asked.part, '*'))
                ),
                'first': asked.words[1][1],
                'last': asked.words[-1][-1]
            }
        )
    );

comment on macro mart.search_parts is 'A question as clauses, one of which must hold, each of parts that must all hold: `is_wanted` (false: must not hold), `in_headline`, its words as `runs` and whether the last `is_beginning` of a word, its `lookups` in the index, `is_certain` (an article with these lookups has the part, whatever its text), for all others the `needle` that is in their plain text, and where there are signs in it the regular expression `pattern`, with the `first` and the `last` character of what it finds.';
