-- after: mart.search_hangul, mart.search_marks, mart.search_signs, mart.search_unspaced
create or replace macro mart.search_pieces(text) as
    regexp_extract_all(
        text,
        '[' || mart.search_unspaced() || '][' || mart.search_unspaced() || mart.search_marks() || ']*'
        || '|[' || mart.search_hangul() || '][' || mart.search_hangul() || mart.search_marks() || ']*'
        || '|[' || mart.search_signs() || ']+'
        || '|[^' || mart.search_signs() || mart.search_unspaced() || mart.search_hangul() || ']'
        || '(?:[^' || mart.search_signs() || mart.search_unspaced() || mart.search_hangul() || ']|[' || mart.search_marks() || '])*'
    );

comment on macro mart.search_pieces is 'A text cut into words, stretches of scripts that do not separate words, and what is between them. Marks that a search takes off stay with the character that they belong to.';
