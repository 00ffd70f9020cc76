-- Indexes the revisions in next_revision as a new segment, and closes the gaps that they were.
insert into ops.search_posting
with
texts as (
    select
        article_text.article_key,
        lower(article_text.headline) as headline,
        lower(concat_ws(' ', article_text.headline, article_text.deck, article_text.body)) as text
    from news.article_text
    inner join next_revision on next_revision.article_key = article_text.article_key
),

occurrences as (
    select
        article_key,
        unnest(list_distinct(regexp_extract_all(text, '[^' || mart.search_signs() || ']+'))) as word,
        false as is_in_headline
    from texts

    union all

    select
        article_key,
        unnest(list_distinct(regexp_extract_all(headline, '[^' || mart.search_signs() || ']+'))) as word,
        true as is_in_headline
    from texts
),

-- Each word is folded once, not once per text.
words as (
    select
        word,
        list(article_key) filter (not is_in_headline) as article_keys,
        coalesce(list(article_key) filter (is_in_headline), []) as headline_keys
    from occurrences
    group by word
),

terms as (
    select
        unnest(mart.search_terms(word)) as term,
        article_keys,
        headline_keys
    from words
)

select
    (select coalesce(max(segment_key), 0) + 1 from ops.search_segment) as segment_key,
    mart.search_start(term) as term_start,
    term,
    list_sort(list_distinct(flatten(list(article_keys)))) as article_keys,
    list_sort(list_distinct(flatten(list(headline_keys)))) as headline_keys
from terms
group by term
order by term;

insert into ops.search_segment
select
    (select coalesce(max(segment_key), 0) + 1 from ops.search_segment) as segment_key,
    count(*) as revisions,
    max(article_key) as last_article_key
from next_revision;

delete from ops.search_gap
where article_key in (select article_key from next_revision);
