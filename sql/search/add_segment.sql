-- Indexes the revisions from $first_article_key to $last_article_key.
insert into ops.search_posting
with
texts as (
    select
        article_key,
        lower(concat_ws(' ', headline, deck, body)) as text
    from news.article_text
    where article_key between $first_article_key and $last_article_key
),

occurrences as (
    select
        article_key,
        unnest(list_distinct(regexp_extract_all(text, '[\p{L}\p{M}\p{N}]+'))) as word
    from texts
),

-- Each word is folded once, not once per text.
words as (
    select
        word,
        list(article_key) as article_keys
    from occurrences
    group by word
),

terms as (
    select
        unnest(mart.search_terms(word)) as term,
        article_keys
    from words
)

select
    (select coalesce(max(segment_key), 0) + 1 from ops.search_segment) as segment_key,
    term,
    list_sort(list_distinct(flatten(list(article_keys)))) as article_keys
from terms
group by term
order by term;

insert into ops.search_segment
select
    coalesce(max(segment_key), 0) + 1 as segment_key,
    $first_article_key as first_article_key,
    $last_article_key as last_article_key
from ops.search_segment;
