-- Indexes the revisions in next_revision as a new segment.
insert into ops.search_posting
with
texts as (
    select
        article_text.article_key,
        article_text.headline,
        concat_ws(' ', article_text.headline, article_text.deck, article_text.body) as text
    from news.article_text
    inner join next_revision on next_revision.article_key = article_text.article_key
),

occurrences as (
    select
        article_key,
        unnest(mart.search_words(text)) as word,
        false as is_in_headline
    from texts

    union all

    select
        article_key,
        unnest(mart.search_words(headline)) as word,
        true as is_in_headline
    from texts
),

-- Each word is folded once, not once per text.
words as (
    select
        word,
        list(2 * article_key + is_in_headline::bigint) as hits
    from occurrences
    group by word
),

terms as (
    select
        unnest(mart.search_terms(word)) as term,
        hits
    from words
),

-- Most terms come from one word alone, whose hits are distinct.
sorted as (
    select
        term,
        if(count(*) = 1, list_sort(any_value(hits)), list_sort(list_distinct(flatten(list(hits))))) as hits
    from terms
    group by term
)

-- Of the two hits of an article with the term in its headline one is enough.
select
    (select coalesce(max(segment_key), 0) + 1 from ops.search_segment) as segment_key,
    mart.search_start(term) as term_start,
    term,
    list_filter(hits, lambda hit, place: hit % 2 = 1 or hits[place + 1] is distinct from hit + 1) as hits
from sorted
order by term;

insert into ops.search_segment
select
    (select coalesce(max(segment_key), 0) + 1 from ops.search_segment) as segment_key,
    count(*) as revisions,
    max(article_key) as last_article_key
from next_revision;
