-- after: mart.search_hangul, mart.search_signs, mart.search_unspaced
create or replace macro mart.search_runs(folded) as
    regexp_extract_all(
        folded,
        '[' || mart.search_unspaced() || ']+'
        || '|[' || mart.search_hangul() || ']+'
        || '|[^' || mart.search_signs() || mart.search_unspaced() || mart.search_hangul() || ']+'
    );

comment on macro mart.search_runs is 'The words of a text that mart.search_folded has returned, and its stretches of scripts that do not separate words. A word ends where its script changes to one of these or to Korean.';
