-- after: mart.search_folded, mart.search_unspaced
create or replace macro mart.search_marked(piece, wanted) as
    list_transform(
        [{'piece': piece, 'folded': mart.search_folded(piece)}],
        lambda given: coalesce(
            list_transform(
                list_filter(
                    wanted,
                    lambda word: case
                        when regexp_matches(word.run, '^[' || mart.search_unspaced() || ']') then contains(given.piece, word.run)
                        when word.is_beginning then starts_with(given.folded, word.run)
                        else given.folded = word.run
                    end
                ),
                lambda word: if(
                    regexp_matches(word.run, '^[' || mart.search_unspaced() || ']'),
                    replace(given.piece, word.run, '**' || word.run || '**'),
                    '**' || given.piece || '**'
                )
            )[1],
            given.piece
        )
    )[1];

comment on macro mart.search_marked is 'A piece of a text, between asterisks what of it is wanted.';
