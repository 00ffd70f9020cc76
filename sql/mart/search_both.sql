-- after: news.fact_article
create or replace macro mart.search_both(one, other) as
    case
        when len(one) * len(other) > 64
        then error('the question has more than 64 combinations of alternatives; ask it in several questions')
        else flatten(
            list_transform(one, lambda clause: list_transform(other, lambda more: list_concat(clause, more)))
        )
    end;

comment on macro mart.search_both is 'Two lists of clauses as one that holds where both hold: every clause of the one with every clause of the other. A clause is a list of parts that must all hold.';
