-- after: mart.search_marked, mart.search_parts
create or replace macro mart.search_snippet(text, question) as
    list_transform(
        list_transform(
            list_transform(
                [trim(regexp_replace(coalesce(text, ''), '[\s\x01-\x05]+', ' ', 'g'))],
                lambda plain: {
                    'length': length(plain),
                    'marked': mart.search_marked(plain, list_filter(flatten(mart.search_parts(question)), lambda part: part.is_wanted))
                }
            ),
            lambda found: {
                'length': found.length,
                'marked': found.marked,
                'start': greatest(1, strpos(found.marked, chr(4)) - 51)
            }
        ),
        lambda cut: if(cut.start > 1, '… ', '')
            || list_transform(
                [
                    regexp_replace(
                        regexp_extract(substring(cut.marked, cut.start), '^(?:[\x04\x05]*[^\x04\x05]){0,180}'),
                        if(cut.start > 1, '^\S{0,20}\s', '^') || if(cut.length > cut.start + 180, '|\s\S{0,20}$', ''),
                        '',
                        'g'
                    )
                ],
                lambda shown: regexp_replace(
                    if(regexp_matches(shown, '\x04[^\x05]*$'), shown || chr(5), shown), '[\x04\x05]', '**', 'g'
                )
            )[1]
            || if(cut.length > cut.start + 180, ' …', '')
    )[1];

comment on macro mart.search_snippet is 'What a text says around the first word or phrase that a question wants, all of them between two asterisks on each side: mart.search_snippet(body, ''tram* strike''). Without any of them, its beginning.';
