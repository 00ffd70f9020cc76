-- after: mart.search_hangul, mart.search_signs, mart.search_unspaced
create or replace macro mart.search_goes_on(characters) as
    regexp_matches(
        characters,
        '^(?:[' || mart.search_hangul() || ']{2}'
        || '|[^' || mart.search_signs() || mart.search_unspaced() || mart.search_hangul() || ']{2})$'
    );

comment on macro mart.search_goes_on is 'Whether two adjacent characters belong to one word, by scripts that separate words.';
