-- after: news.article_text, news.fact_article, ops.search_gap, ops.search_posting, ops.search_segment, mart.search_finds, mart.search_folded, mart.search_parts, mart.search_plain, mart.search_sketch, mart.search_start
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
        part.is_certain,
        part.in_headline,
        len(part.lookups) as lookups,
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
        row_number() over (order by is_short, in_headline, term, is_beginning) as lookup
    from (select distinct in_headline, term, is_beginning from needed) as each
),

-- Each of the first by itself: the join with one row is a filter that skips what it need not read, with more it is not.
entry as (
    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where not is_short and lookup = 1) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where not is_short and lookup = 2) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where not is_short and lookup = 3) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where not is_short and lookup = 4) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where not is_short and lookup > 4) as lookup
    inner join ops.search_posting on search_posting.term_start = lookup.term_start
    where if(lookup.is_beginning, starts_with(search_posting.term, lookup.term), search_posting.term = lookup.term)

    union all

    select lookup.lookup, lookup.in_headline, lookup.is_beginning, search_posting.hits
    from (from lookup where is_short) as lookup
    inner join ops.search_posting on starts_with(search_posting.term, lookup.term)
),

exact_hit as (
    select
        lookup,
        in_headline,
        unnest(hits) as hit
    from entry
    where not is_beginning
),

beginning_hit as (
    select
        lookup,
        in_headline,
        unnest(hits) as hit
    from entry
    where is_beginning
),

-- A hit is twice the key, and one more if it is in the headline. An article may have several words that begin so.
hit as materialized (
    select
        lookup,
        hit >> 1 as article_key,
        (hit & 1) = 1 as is_in_headline
    from exact_hit
    where not in_headline or (hit & 1) = 1

    union all

    select
        lookup,
        hit >> 1 as article_key,
        bool_or((hit & 1) = 1) as is_in_headline
    from beginning_hit
    where not in_headline or (hit & 1) = 1
    group by lookup, hit >> 1
),

frequency as (
    select
        lookup,
        count(*) as articles
    from hit
    group by lookup
),

-- The rarest first: only its articles are looked for among those of the others.
wanted as materialized (
    select
        needed.clause,
        lookup.lookup,
        row_number() over (partition by needed.clause order by coalesce(frequency.articles, 0)) as rank,
        count(*) over (partition by needed.clause) as terms
    from (select distinct clause, in_headline, term, is_beginning from needed where is_wanted) as needed
    inner join lookup using (in_headline, term, is_beginning)
    left join frequency on frequency.lookup = lookup.lookup
),

rarest as materialized (
    select
        wanted.clause,
        wanted.terms,
        hit.article_key,
        hit.is_in_headline
    from hit
    inner join wanted on wanted.lookup = hit.lookup
    where wanted.rank = 1
),

other as (
    select
        wanted.clause,
        hit.article_key,
        hit.is_in_headline
    from hit
    inner join wanted on wanted.lookup = hit.lookup
    where wanted.rank > 1
),

with_others as (
    select
        other.clause,
        other.article_key,
        count(*) as terms,
        bool_and(other.is_in_headline) as is_in_headline
    from other
    semi join rarest on rarest.clause = other.clause and rarest.article_key = other.article_key
    group by other.clause, other.article_key
),

candidate as materialized (
    select
        rarest.clause,
        rarest.article_key,
        rarest.is_in_headline and coalesce(with_others.is_in_headline, true) as is_in_headline
    from rarest
    left join with_others on with_others.clause = rarest.clause and with_others.article_key = rarest.article_key
    where rarest.terms = 1 or with_others.terms = rarest.terms - 1
),

unwanted_hit as (
    select
        needed.clause,
        needed.place,
        needed.is_certain,
        needed.lookups,
        hit.article_key
    from needed
    inner join lookup using (in_headline, term, is_beginning)
    inner join hit on hit.lookup = lookup.lookup
    where not needed.is_wanted
),

unwanted as materialized (
    select
        clause,
        place,
        article_key,
        any_value(is_certain) as is_certain
    from unwanted_hit
    group by clause, place, article_key
    having count(*) = any_value(lookups)
),

doubtful as materialized (
    select clause, part
    from part
    where part.is_wanted and not part.is_certain
),

-- What is still to be looked for in the text.
doubt as (
    select
        candidate.clause,
        candidate.article_key,
        doubtful.part
    from candidate
    inner join doubtful on doubtful.clause = candidate.clause
    where candidate.clause in (select clause from doubtful)

    union all

    select
        unwanted.clause,
        unwanted.article_key,
        part.part
    from unwanted
    inner join candidate on candidate.clause = unwanted.clause and candidate.article_key = unwanted.article_key
    inner join part on part.clause = unwanted.clause and part.place = unwanted.place
    where not unwanted.is_certain
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

to_read as materialized (
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

-- A few texts are read by their rows, as in mart.find_articles.
text_row as (
    select article_text.rowid as text_row
    from news.article_text
    where article_text.article_key in (select to_read.article_key from to_read)
),

-- Between headline, deck and body stands a sign that no text has, and then, so that no phrase goes across, such a letter.
shown as (
    select
        to_read.clause,
        to_read.article_key,
        to_read.parts,
        to_read.is_waiting,
        concat_ws(' ' || chr(30) || ' ', coalesce(article_text.headline, ''), article_text.deck, article_text.body) as text
    from to_read
    inner join news.article_text on article_text.article_key = to_read.article_key
    where article_text.rowid in (select text_row.text_row from text_row)
),

-- Most texts without a phrase are seen to be so before they are folded.
likely as (
    select
        clause,
        article_key,
        parts,
        is_waiting,
        if(
            regexp_matches(text, mart.search_sketch(question), 'i')
                or regexp_matches(text, '[^\x00-\x7F\x{2010}-\x{203A}]'),
            text,
            ''
        ) as text
    from shown
),

folded as (
    select
        clause,
        article_key,
        parts,
        is_waiting,
        replace(mart.search_folded(text), chr(30), 'ꟷ') as text
    from likely
),

-- One row for each part: a lambda over the parts would compile its regular expressions anew for every text.
plain as (
    select
        clause,
        article_key,
        unnest(parts) as part,
        is_waiting,
        {'folded': text, 'plain': mart.search_plain(text)} as text
    from folded
),

tested as (
    select
        clause,
        article_key,
        is_waiting,
        part.is_wanted,
        part.in_headline,
        mart.search_finds(text, part) as is_in_text,
        mart.search_finds(
            {'folded': split_part(text.folded, ' ꟷ ', 1), 'plain': split_part(text.plain, 'ꟷ ', 1)}, part
        ) as is_in_headline
    from plain
),

read as materialized (
    select
        clause,
        article_key,
        is_waiting,
        bool_and(if(in_headline, is_in_headline, is_in_text) = is_wanted) as holds,
        bool_and(is_in_headline or not is_wanted) as is_in_headline
    from tested
    group by clause, article_key, is_waiting
),

refuted as (
    select clause, article_key
    from unwanted
    where is_certain

    union all

    select clause, article_key
    from read
    where not holds
),

found as materialized (
    select
        candidate.article_key,
        candidate.is_in_headline and coalesce(read.is_in_headline, true) as is_in_headline
    from candidate
    anti join refuted on refuted.clause = candidate.clause and refuted.article_key = candidate.article_key
    left join read on not read.is_waiting and read.clause = candidate.clause and read.article_key = candidate.article_key

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
