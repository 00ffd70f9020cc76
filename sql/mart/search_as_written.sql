-- after: mart.search_folded, mart.search_signs
-- Punctuation around a word is cut off, but not what people write as part of it: $5, 5€, 50 %, C++, #metoo, and before
-- a number every sign: -7, .5, №5, ±3.
create or replace macro mart.search_as_written(text) as
    list_filter(
        list_transform(
            string_split_regex(
                regexp_replace(
                    regexp_replace(mart.search_folded(text), '([^0-9])[,;/…]+([^0-9])', '\1 \2', 'g'),
                    '([0-9])\s+([\p{Sc}%‰°])([\s"]|$)|(^|[\s"])(\p{Sc})\s+([0-9])',
                    '\1\2\3\4\5\6',
                    'g'
                ),
                '[\s"]+'
            ),
            lambda word: regexp_extract(
                word,
                '(?:[\p{Sc}\p{Sm}@#%‰°§№&†‡¶.-]*[0-9]|[\p{Sc}@#]*[^' || mart.search_signs() || '])(?:.*[^' || mart.search_signs() || '])?'
                || '[\p{Sc}\p{Sm}#%‰°†‡]*'
            )
        ),
        lambda word: word <> ''
    );

comment on macro mart.search_as_written is 'The words of a word or phrase of a question, folded, with the signs that people write as part of them.';
