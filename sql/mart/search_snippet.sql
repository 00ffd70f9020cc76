-- after: mart.search_joined, mart.search_marked, mart.search_parts, mart.search_pieces
create or replace macro mart.search_snippet(text, question) as
    list_transform(
        list_transform(
            list_transform(
                [{
                    'text': trim(regexp_replace(coalesce(text, ''), '\s+', ' ', 'g')),
                    'parts': list_filter(flatten(mart.search_parts(question)), lambda part: part.is_wanted)
                }],
                lambda given: {
                    'text': given.text,
                    'wanted': list_distinct(
                        flatten(
                            list_transform(
                                given.parts,
                                lambda part: list_transform(
                                    part.runs,
                                    lambda run, place: {
                                        'run': run,
                                        'is_beginning': part.is_beginning and place = len(part.runs)
                                    }
                                )
                            )
                        )
                    ),
                    'pieces': mart.search_pieces(given.text)
                }
            ),
            lambda cut: {
                'text': cut.text,
                'wanted': cut.wanted,
                'start': greatest(
                    1,
                    length(
                        mart.search_joined(
                            cut.pieces[
                                :coalesce(
                                    list_position(
                                        list_transform(cut.pieces, lambda piece: mart.search_marked(piece, cut.wanted) <> piece),
                                        true
                                    ),
                                    1
                                ) - 1
                            ],
                            ''
                        )
                    ) - 50
                )
            }
        ),
        lambda found: if(found.start > 1, '… ', '')
            || mart.search_joined(
                list_transform(
                    mart.search_pieces(
                        regexp_replace(
                            substring(found.text, found.start, 180),
                            if(found.start > 1, '^\S{0,20}\s', '^') || if(length(found.text) > found.start + 180, '|\s\S{0,20}$', ''),
                            '',
                            'g'
                        )
                    ),
                    lambda piece: mart.search_marked(piece, found.wanted)
                ),
                ''
            )
            || if(length(found.text) > found.start + 180, ' …', '')
    )[1];

comment on macro mart.search_snippet is 'What a text says around the first word that a question wants, all such words between two asterisks on each side: mart.search_snippet(body, ''tram* strike''). Without any of them, its beginning.';
