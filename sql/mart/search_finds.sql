-- after: mart.search_goes_on
-- A word that goes on before its first or after its last character is another word; where the script changes, it ends.
create or replace macro mart.search_finds(text, part) as
    case
        when not contains(text.plain, part.needle) then false
        when part.pattern is null then true
        else len(
            list_filter(
                list_zip(
                    regexp_extract_all(text.folded, part.pattern, 1),
                    regexp_extract_all(text.folded, part.pattern, 2)
                ),
                lambda around: not list_bool_or(
                    list_transform(
                        [around[1] || part.first, part.last || around[2]],
                        lambda characters: mart.search_goes_on(characters)
                    )
                )
            )
        ) > 0
    end;

comment on macro mart.search_finds is 'Whether a text, given as `folded` and `plain`, has a part of a question, as mart.search_parts describes it: words or a phrase with a word''s bounds on both sides.';
