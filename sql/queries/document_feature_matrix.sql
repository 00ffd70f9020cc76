-- How often is each word in each article of the Stadtblatt Furt?
with
texts as (
    select
        article_id,
        mart.words_of(concat_ws(' ', headline, deck, body)) as words
    from mart.article
    where
        publication = /* publication */ 'Stadtblatt Furt'
        and published_date between /* from_date */ date '2026-03-16' and /* to_date */ date '2026-03-17'
),

occurrences as (
    select
        article_id,
        unnest(words) as word
    from texts
)

select
    article_id::varchar as document,
    word as feature,
    count(*) as count
from occurrences
group by article_id, feature
order by article_id, feature;
