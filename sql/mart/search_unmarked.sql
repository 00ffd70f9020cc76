-- after: mart.search_marks
create or replace macro mart.search_unmarked(text) as
    case
        when strlen(text) = length(text) or not regexp_matches(text, '[' || mart.search_marks() || ']')
        then text
        else regexp_replace(text, '[' || mart.search_marks() || ']', '', 'g')
    end;

comment on macro mart.search_unmarked is 'A text without variation selectors and marks that enclose a character or stand beside it, as in keycap digits and in names such as 葛󠄀城, which are written with and without.';
