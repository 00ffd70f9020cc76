-- after: mart.search_folded, mart.search_joined, mart.search_marks, mart.search_pieces, mart.search_signs, mart.search_unspaced
-- Before each word stands, between signs that no text has, how it is compared; so one regular expression finds all that
-- is wanted. It takes the first of its alternatives, so the longest comes first.
create or replace macro mart.search_marked(text, parts) as
    list_transform(
        list_transform(
            [{
                'text': mart.search_joined(
                    list_transform(
                        mart.search_pieces(text),
                        lambda piece: if(
                            regexp_matches(piece, '^[' || mart.search_signs() || mart.search_unspaced() || ']'),
                            piece,
                            chr(1) || mart.search_folded(piece) || chr(2) || piece || chr(3)
                        )
                    ),
                    ''
                ),
                'parts': list_transform(
                    parts,
                    lambda part: list_transform(
                        part.runs,
                        lambda run, place: if(
                            regexp_matches(run, '^[' || mart.search_unspaced() || ']'),
                            mart.search_joined(
                                list_transform(
                                    regexp_extract_all(run, '.'), lambda letter: letter || '[' || mart.search_marks() || ']*'
                                ),
                                ''
                            ),
                            '\x01' || regexp_escape(run)
                                || if(part.is_beginning and place = len(part.runs), '[^\x02]*', '')
                                || '\x02[^\x03]*\x03'
                        )
                    )
                )
            }],
            lambda given: {
                'text': given.text,
                'wanted': list_transform(
                    given.parts,
                    lambda words: list_transform(
                        [mart.search_joined(words, '[^\x01-\x03' || mart.search_unspaced() || ']*')],
                        lambda phrase: if(regexp_matches(given.text, phrase), phrase, mart.search_joined(words, '|'))
                    )[1]
                )
            }
        ),
        lambda cut: regexp_replace(
            coalesce(
                regexp_replace(
                    cut.text,
                    nullif(
                        mart.search_joined(
                            list_transform(
                                list_reverse_sort(list_transform(cut.wanted, lambda each: {'length': length(each), 'each': each})),
                                lambda sorted: sorted.each
                            ),
                            '|'
                        ),
                        ''
                    ),
                    chr(4) || '\0' || chr(5),
                    'g'
                ),
                cut.text
            ),
            '\x01[^\x02]*\x02|\x03|\x05\x04',
            '',
            'g'
        )
    )[1];

comment on macro mart.search_marked is 'A text, between chr(4) and chr(5) what of it these parts of a question want: words, and phrases as a whole; of a phrase that is not in it, the words.';
