-- after: mart.search_unspaced
-- A single character of a script without words begins one of the pairs that are stored, or is stored as the last one.
create or replace macro mart.search_lookups(runs, is_beginning) as
    list_distinct(
        flatten(
            list_transform(
                runs,
                lambda run, place: case
                    when not regexp_matches(run, '^[' || mart.search_unspaced() || ']')
                    then [{'term': run, 'is_beginning': is_beginning and place = len(runs)}]
                    when length(run) = 1
                    then [{'term': run, 'is_beginning': true}]
                    else list_transform(
                        range(1, length(run)), lambda start: {'term': substring(run, start, 2), 'is_beginning': false}
                    )
                end
            )
        )
    );

comment on macro mart.search_lookups is 'The terms of the search index under which an article with these words and stretches is found; `is_beginning`: under any term that begins so.';
