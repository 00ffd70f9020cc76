-- after: mart.search_hangul, mart.search_signs, mart.search_unspaced
create or replace macro mart.search_goes_on(characters) as
    regexp_matches(
        characters,
        '^(?:[0-9][.,][0-9]|[' || mart.search_hangul() || ']{2}'
        || '|[^' || mart.search_signs() || mart.search_unspaced() || mart.search_hangul() || ']{2})$'
    );

comment on macro mart.search_goes_on is 'Whether adjacent characters belong to one word or number, by scripts that separate words.';
