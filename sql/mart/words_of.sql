-- Letters, marks and digits, with apostrophes inside, straight or curly: UAX #29 of Unicode, in short. A zero-width joiner
-- belongs to its word. In scripts that do not separate words, spaces are put around every character.
create or replace macro mart.words_of(text) as
    regexp_extract_all(
        regexp_replace(
            replace(lower(coalesce(text, '')), '’', ''''),
            '([ー\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*)',
            ' \1 ',
            'g'
        ),
        '[\p{L}\p{N}][\p{L}\p{M}\p{N}\x{200c}\x{200d}]*(?:''[\p{L}\p{M}\p{N}]+)*'
    );

comment on macro mart.words_of is 'The words of a text in their order, in lower case, with accents: unnest(mart.words_of(body)). In scripts that do not separate words, every character is one.';
