-- after: mart.search_signs, mart.search_unmarked
create or replace macro mart.search_words(text) as
    list_distinct(regexp_extract_all(lower(mart.search_unmarked(text)), '[^' || mart.search_signs() || ']+'));

comment on macro mart.search_words is 'What stands between the signs of a text, each once, not folded yet: the search index folds each word of many texts once. The terms of these words are the terms of the text.';
