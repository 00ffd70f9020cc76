create or replace macro mart.search_not(part) as if(starts_with(part, '-'), substring(part, 2), '-' || part);

comment on macro mart.search_not is 'The opposite of a part of a question: with a minus sign before it where it had none, and without it where it had one.';
