-- after: news.article_text, news.fact_article, ops.search_gap, ops.search_posting, ops.search_segment, mart.search_finds, mart.search_folded, mart.search_parts, mart.search_plain
-- An article matches if one clause holds, and a clause if its wanted parts are there and its unwanted ones are not. The
-- index answers for words; phrases and signs are then looked for in the texts, and all parts in texts not yet indexed.
create or replace macro mart.search_matches(question) as table
with
clause as materialized (
    select
        unnest(mart.search_parts(question)) as parts,
        unnest(range(65)) as clause
),

part as materialized (
    select
        clause.clause,
        unnest(clause.parts) as part,
        generate_subscripts(clause.parts, 1) as place
    from clause
    where clause.parts is not null
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

lookup as (
    select distinct in_headline, term, is_beginning
    from needed
),

posting as materialized (
    select
        lookup.in_headline,
        lookup.term,
        lookup.is_beginning,
        if(lookup.in_headline, search_posting.headline_keys, search_posting.article_keys) as article_keys,
        search_posting.headline_keys
    from lookup
    inner join ops.search_posting on search_posting.term = lookup.term
    where not lookup.is_beginning

    union all

    select
        lookup.in_headline,
        lookup.term,
        lookup.is_beginning,
        list_distinct(flatten(list(if(lookup.in_headline, search_posting.headline_keys, search_posting.article_keys)))) as article_keys,
        list_distinct(flatten(list(search_posting.headline_keys))) as headline_keys
    from lookup
    inner join ops.search_posting
        on search_posting.term >= lookup.term and search_posting.term < lookup.term || chr(1114111)
    where lookup.is_beginning
    group by lookup.in_headline, lookup.term, lookup.is_beginning
),

wanted as (
    select distinct clause, in_headline, term, is_beginning
    from needed
    where is_wanted
),

hit as (
    select
        wanted.clause,
        unnest(posting.article_keys) as article_key,
        false as is_of_headline
    from wanted
    inner join posting using (in_headline, term, is_beginning)

    union all

    select
        wanted.clause,
        unnest(posting.headline_keys) as article_key,
        true as is_of_headline
    from wanted
    inner join posting using (in_headline, term, is_beginning)
),

candidate as materialized (
    select
        hit.clause,
        hit.article_key,
        count(*) filter (hit.is_of_headline) = any_value(asked.terms) as is_in_headline
    from hit
    inner join (select clause, count(*) as terms from wanted group by clause) as asked on asked.clause = hit.clause
    group by hit.clause, hit.article_key
    having count(*) filter (not hit.is_of_headline) = any_value(asked.terms)
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
    where clause.parts is not null
),

-- Not in a lambda: one compiles its regular expressions anew for every few rows.
folded as (
    select
        to_read.clause,
        to_read.article_key,
        to_read.parts,
        to_read.is_waiting,
        mart.search_folded(article_text.headline) as headline,
        mart.search_folded(concat_ws(' ', article_text.headline, article_text.deck, article_text.body)) as text
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

found as (
    select candidate.article_key, candidate.is_in_headline
    from candidate
    where
        not exists (
            select 1
            from unwanted
            inner join part on part.clause = unwanted.clause and part.place = unwanted.place
            where
                part.part.is_certain
                and unwanted.clause = candidate.clause
                and unwanted.article_key = candidate.article_key
        )
        and not exists (
            select 1
            from read
            where not read.holds and read.clause = candidate.clause and read.article_key = candidate.article_key
        )

    union all

    select article_key, is_in_headline
    from read
    where is_waiting and holds
)

select
    article_key,
    bool_or(is_in_headline) as is_in_headline
from found
group by article_key;

comment on macro table mart.search_matches is 'The revisions in which a question holds, superseded ones included; for mart.find_articles. Columns: article_key, is_in_headline.';
