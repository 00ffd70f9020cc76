-- after: news.article_text, news.fact_article, ops.search_gap, ops.search_posting, ops.search_segment, mart.search_finds, mart.search_folded, mart.search_parts, mart.search_plain, mart.search_start
-- An article matches if one clause holds, and a clause if its wanted parts are there and its unwanted ones are not. The
-- index answers for words; phrases and signs are then looked for in the texts, and all parts in texts not yet indexed.
create or replace macro mart.search_matches(question) as table
with
asked as materialized (
    select mart.search_parts(question) as clauses
),

clause as materialized (
    select
        unnest(clauses) as parts,
        generate_subscripts(clauses, 1) as clause
    from asked
),

part as materialized (
    select
        clause.clause,
        unnest(clause.parts) as part,
        generate_subscripts(clause.parts, 1) as place
    from clause
),

needed as materialized (
    select
        clause,
        place,
        part.is_wanted,
        part.in_headline,
        unnest(part.lookups, recursive := true)
    from part
),

lookup as materialized (
    select
        in_headline,
        term,
        is_beginning,
        mart.search_start(term) as term_start,
        is_beginning and length(term) < length(mart.search_start(term || '__')) as is_short,
        row_number() over (order by is_short, in_headline, term, is_beginning) as place
    from (select distinct in_headline, term, is_beginning from needed) as each
),

-- Each of the first by itself: the join with one row is a filter that skips what it need not read, with more it is not.
entry as (
    select lookup.place, search_posting.article_keys, search_posting.headline_keys
    from (from lookup where not is_short and place = 1) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.place, search_posting.article_keys, search_posting.headline_keys
    from (from lookup where not is_short and place = 2) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.place, search_posting.article_keys, search_posting.headline_keys
    from (from lookup where not is_short and place = 3) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.place, search_posting.article_keys, search_posting.headline_keys
    from (from lookup where not is_short and place = 4) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.place, search_posting.article_keys, search_posting.headline_keys
    from (from lookup where not is_short and place > 4) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.place, search_posting.article_keys, search_posting.headline_keys
    from (from lookup where is_short) as lookup
    inner join ops.search_posting on starts_with(search_posting.term, lookup.term)
),

found_entry as (
    select
        place,
        flatten(list(article_keys)) as article_keys,
        flatten(list(headline_keys)) as headline_keys
    from entry
    group by place
),

-- One row for each lookup. An article may have several words that begin so.
posting as materialized (
    select
        lookup.in_headline,
        lookup.term,
        lookup.is_beginning,
        case
            when lookup.in_headline and lookup.is_beginning then list_distinct(found_entry.headline_keys)
            when lookup.in_headline then found_entry.headline_keys
            when lookup.is_beginning then list_distinct(found_entry.article_keys)
            else found_entry.article_keys
        end as article_keys,
        if(lookup.is_beginning, list_distinct(found_entry.headline_keys), found_entry.headline_keys) as headline_keys
    from lookup
    inner join found_entry on found_entry.place = lookup.place
),

-- The rarest first: only its articles are looked for among those of the others.
wanted as materialized (
    select
        needed.clause,
        posting.article_keys,
        posting.headline_keys,
        row_number() over (partition by needed.clause order by len(coalesce(posting.article_keys, []))) as rank,
        count(*) over (partition by needed.clause) as terms
    from (select distinct clause, in_headline, term, is_beginning from needed where is_wanted) as needed
    left join posting using (in_headline, term, is_beginning)
),

rarest as materialized (
    select clause, terms, unnest(article_keys) as article_key
    from wanted
    where rank = 1
),

other as (
    select clause, unnest(article_keys) as article_key
    from wanted
    where rank > 1
),

with_others as (
    select
        other.clause,
        other.article_key,
        count(*) as terms
    from other
    semi join rarest on rarest.clause = other.clause and rarest.article_key = other.article_key
    group by other.clause, other.article_key
),

of_headline as (
    select clause, terms, unnest(headline_keys) as article_key
    from wanted
),

in_headline as (
    select clause, article_key
    from of_headline
    group by clause, article_key
    having count(*) = any_value(terms)
),

candidate as materialized (
    select
        rarest.clause,
        rarest.article_key,
        in_headline.article_key is not null as is_in_headline
    from rarest
    left join with_others on with_others.clause = rarest.clause and with_others.article_key = rarest.article_key
    left join in_headline on in_headline.clause = rarest.clause and in_headline.article_key = rarest.article_key
    where rarest.terms = 1 or with_others.terms = rarest.terms - 1
),

unwanted_hit as (
    select
        needed.clause,
        needed.place,
        unnest(posting.article_keys) as article_key
    from needed
    inner join posting using (in_headline, term, is_beginning)
    where not needed.is_wanted
),

unwanted as materialized (
    select
        unwanted_hit.clause,
        unwanted_hit.place,
        unwanted_hit.article_key
    from unwanted_hit
    group by unwanted_hit.clause, unwanted_hit.place, unwanted_hit.article_key
    having count(*) = (
        select count(*)
        from needed
        where needed.clause = unwanted_hit.clause and needed.place = unwanted_hit.place
    )
),

-- What is still to be looked for in the text.
doubt as (
    select
        candidate.clause,
        candidate.article_key,
        part.part
    from candidate
    inner join part on part.clause = candidate.clause
    where part.part.is_wanted and not part.part.is_certain

    union all

    select
        unwanted.clause,
        unwanted.article_key,
        part.part
    from unwanted
    inner join candidate on candidate.clause = unwanted.clause and candidate.article_key = unwanted.article_key
    inner join part on part.clause = unwanted.clause and part.place = unwanted.place
    where not part.part.is_certain
),

waiting as (
    select fact_article.article_key
    from news.fact_article
    where
        fact_article.is_current
        and fact_article.article_key > (select coalesce(max(last_article_key), 0) from ops.search_segment)

    union

    select article_key
    from ops.search_gap
),

to_read as (
    select
        clause,
        article_key,
        list(part) as parts,
        false as is_waiting
    from doubt
    group by clause, article_key

    union all

    select
        clause.clause,
        waiting.article_key,
        clause.parts,
        true as is_waiting
    from waiting
    cross join clause
),

-- Not in a lambda: one compiles its regular expressions anew for every few rows. Between headline, deck and body stands a
-- letter that no text has, so that no phrase goes across.
folded as (
    select
        to_read.clause,
        to_read.article_key,
        to_read.parts,
        to_read.is_waiting,
        mart.search_folded(article_text.headline) as headline,
        mart.search_folded(concat_ws(' ꟷ ', article_text.headline, article_text.deck, article_text.body)) as text
    from to_read
    inner join news.article_text on article_text.article_key = to_read.article_key
),

texts as (
    select
        clause,
        article_key,
        parts,
        is_waiting,
        [
            {'folded': headline, 'plain': mart.search_plain(headline)},
            {'folded': text, 'plain': mart.search_plain(text)}
        ] as texts
    from folded
),

tested as (
    select
        clause,
        article_key,
        is_waiting,
        list_transform(
            parts,
            lambda part: {
                'is_wanted': part.is_wanted,
                'is_in': list_transform(texts, lambda text: mart.search_finds(text, part)),
                'place': if(part.in_headline, 1, 2)
            }
        ) as tests
    from texts
),

-- Grouped, though there is one row of each: a filter would be pushed down into the texts, which would be folded again.
read as materialized (
    select
        clause,
        article_key,
        is_waiting,
        bool_and(list_bool_and(list_transform(tests, lambda test: test.is_in[test.place] = test.is_wanted))) as holds,
        bool_and(list_bool_and(list_transform(tests, lambda test: test.is_in[1] or not test.is_wanted))) as is_in_headline
    from tested
    group by clause, article_key, is_waiting
),

refuted as (
    select unwanted.clause, unwanted.article_key
    from unwanted
    inner join part on part.clause = unwanted.clause and part.place = unwanted.place
    where part.part.is_certain

    union all

    select clause, article_key
    from read
    where not holds
),

found as materialized (
    select candidate.article_key, candidate.is_in_headline
    from candidate
    anti join refuted on refuted.clause = candidate.clause and refuted.article_key = candidate.article_key

    union all

    select article_key, is_in_headline
    from read
    where is_waiting and holds
)

-- An article in which several clauses hold is found once.
select found.article_key, found.is_in_headline
from found
where (select count(*) from clause) = 1

union all

select
    found.article_key,
    bool_or(found.is_in_headline) as is_in_headline
from found
where (select count(*) from clause) > 1
group by found.article_key;

comment on macro table mart.search_matches is 'The revisions in which a question holds, superseded ones included; for mart.find_articles. Columns: article_key, is_in_headline.';
