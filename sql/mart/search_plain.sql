-- after: mart.search_runs
create or replace macro mart.search_plain(folded) as ' ' || mart.search_joined(mart.search_runs(folded), ' ') || ' ';

comment on macro mart.search_plain is 'The words of a text that mart.search_folded has returned, and nothing else, with one space before, between and after them.';
