-- after: mart.search_both, mart.search_not
create or replace macro mart.search_neither(clauses) as
    case
        when list_product(list_transform(clauses, lambda clause: len(clause))) > 64
        then error('the question has more than 64 combinations of alternatives; ask it in several questions')
        else list_reduce(
            list_transform(clauses, lambda clause: list_transform(clause, lambda part: [mart.search_not(part)])),
            lambda one, other: mart.search_both(one, other)
        )
    end;

comment on macro mart.search_neither is 'The clauses that hold where none of the given ones does.';
