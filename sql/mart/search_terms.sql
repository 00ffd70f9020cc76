-- after: mart.search_folded, mart.search_runs
create or replace macro mart.search_terms(text) as
    list_distinct(
        flatten(
            list_transform(
                mart.search_runs(mart.search_folded(text)),
                lambda run: case
                    when regexp_matches(run, '^[' || mart.search_unspaced() || ']')
                    then list_transform(range(1, length(run) + 1), lambda place: substring(run, place, 2))
                    else [run]
                end
            )
        )
    );

comment on macro mart.search_terms is 'What the search index stores of a text, each once: its words; of scripts that do not separate words every two adjacent characters, and the last one alone.';
