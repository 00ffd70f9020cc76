-- after: mart.search_signs, mart.search_straightened, mart.search_unspaced
-- The parentheses around the whole open its first level and close its last. A sign that stands
-- alone, as in Marks & Spencer, is not looked for. A letter right after a phrase says that its quotation mark is inside one.
create or replace macro mart.search_tokens(question) as
    list_transform(
        list_concat(
            ['('],
            list_filter(
                list_transform(
                    [mart.search_straightened(question)],
                    lambda straight: regexp_extract_all(
                        if(
                            regexp_matches(
                                straight,
                                '^[^"]*(?:"[^"]*"[^"]*)*"[^"]*"[^' || mart.search_signs() || mart.search_unspaced() || ']'
                            ),
                            error(
                                'a phrase ends before '
                                || regexp_extract(
                                    straight,
                                    '^[^"]*(?:"[^"]*"[^"]*)*"[^"]*"([^' || mart.search_signs() || mart.search_unspaced() || ']+)',
                                    1
                                )
                                || '; quotation marks inside a phrase are left out, and after one there is a space'
                            ),
                            straight
                        ),
                        '-?\(|\)|\bheadline\s+:|-?(?:[A-Za-z_]+:)?(?:"[^"]*(?:"\*?)?|[^\s()"]+)'
                    )
                )[1],
                lambda token: not regexp_matches(token, '^(&|[/,.:;…·]+)$')
            ),
            [')']
        ),
        lambda token: case
            when token in ('(', ')', '-(')
            then token
            when regexp_matches(token, '^[^"]*"\s*$')
            then error('the quotation mark at the end of the question has nothing after it, and no opening one')
            when regexp_matches(token, '^[^"]*"[^"]*$')
            then error('the quotation mark before ' || regexp_extract(token, '"(.*)', 1) || ' is not followed by a closing one')
            when regexp_matches(token, '^headline\s+:$|^-?:.')
            then error('in ' || token || ' there is a space before the colon, or nothing; it is understood as in headline:word')
            when regexp_matches(token, '^-?headline:[A-Za-z_]+:')
            then error('in ' || token || ' there are two fields, and only headline is one; it is understood as in headline:word, and what is meant as it stands belongs in quotation marks')
            when regexp_matches(token, '^-?[A-Za-z_]+:$')
            then error(ltrim(token, '-') || ' must be followed, without a space, by a word or by a phrase in quotation marks')
            when regexp_matches(token, '^-?[A-Za-z_]+:') and not regexp_matches(token, '^-?headline:')
            then error('there is no field ' || regexp_extract(token, '^-?([A-Za-z_]+):', 1) || ', only headline; if it is meant as it stands, write "' || ltrim(token, '-') || '"')
            when regexp_matches(token, '"[^"]*\*')
            then error('in ' || token || ', * is in a phrase: it is understood at the end of a single word, as in electr*')
            when regexp_matches(token, '\*.') or regexp_matches(token, '^-?(headline:)?\*')
            then error('in ' || token || ', * is not at the end of a word: it is understood as in electr*')
            when not contains(token, '"') and regexp_matches(token, '[~^|\\{}<>=\[\]]|[?!].|^--|^-?(headline:)?[+!?]|^-?headline:[-–—−]|&&')
            then error('in ' || token || ' there is a sign that is not understood; there are OR, NOT, -without, "a phrase", beginning*, headline:word and parentheses, and what is meant as it stands belongs in quotation marks')
            when regexp_matches(token, '^[^"]*(?:!|[^0-9]\$)$')
            then error('in ' || token || ', the last sign is not understood; a word that begins so is searched for as in ' || rtrim(token, '!$') || '*, and what is meant as it stands belongs in quotation marks')
            when regexp_matches(token, '^[-–—−]+$')
            then error(token || ' stands alone; -word, without a space, excludes a word, and what joins two words needs no sign here')
            when regexp_matches(token, '^NEAR$|^(?i:(?:w|pre|n|near|onear|adj)/[0-9]+|(?:w|pre)/(?:s|p|seg)|(?:near|adj)[0-9]+)$')
            then error(token || ' is not understood; two words next to each other are a phrase in quotation marks')
            when not regexp_matches(regexp_replace(token, '^-?(headline:)?', ''), '[^' || mart.search_signs() || ']')
            then error(token || ' has no letter or digit to search for')
            else token
        end
    );

comment on macro mart.search_tokens is 'A question cut into words, phrases, operators and parentheses. Raises an error that names what is not understood.';
