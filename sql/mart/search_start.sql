-- after: mart.search_unspaced
create or replace macro mart.search_start(term) as
    if(regexp_matches(term, '^[' || mart.search_unspaced() || ']'), term[1], term[:3]);

comment on macro mart.search_start is 'How a term of the search index begins, by which it is looked up: its first three characters, of scripts that do not separate words its first one.';
