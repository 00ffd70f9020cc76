-- Words without case and accents; in scripts that do not separate words, every two adjacent characters.
create or replace macro mart.search_terms(words) as
    list_distinct(
        flatten(
            list_transform(
                regexp_extract_all(lower(strip_accents(coalesce(words, ''))), '[\p{L}\p{N}]+'),
                lambda word: case
                    when length(word) > 1 and regexp_matches(word, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]')
                    then list_transform(range(1, length(word)), lambda place: substring(word, place, 2))
                    else [word]
                end
            )
        )
    );

comment on macro mart.search_terms is 'The words of a text as the search index stores them: each once, in lower case, without accents; in scripts that do not separate words, every two adjacent characters.';
