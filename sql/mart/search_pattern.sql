-- after: mart.search_joined, mart.search_signs
-- What comes before and after is captured: it decides whether the word ends there. Before -7 or .5 there is no word.
create or replace macro mart.search_pattern(words, is_beginning) as
    if(regexp_matches(words[1], '^[.+-]'), '(?s)(^|[' || mart.search_signs() || '])', '(?s)([0-9][.,]|.?)')
    || mart.search_joined(
        list_transform(
            words,
            lambda word: regexp_replace(
                regexp_escape(word), '([0-9])(\\?[\p{Sc}%‰°])$|^(\\?\p{Sc})([0-9])', '\1\3 ?\2\4'
            )
        ),
        '[' || mart.search_signs() || ']+'
    )
    || if(is_beginning, '()', '([.,][0-9]|.?)');

comment on macro mart.search_pattern is 'The regular expression of words that mart.search_as_written has returned, with nothing but signs between them, and a space at most between a number and its currency, per cent or degree.';
