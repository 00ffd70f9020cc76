-- What is the text of each article of the Stadtblatt Furt, and what is known of it?
select
    article_id::varchar as doc_id,
    concat_ws(e'\n\n', headline, deck, body) as text,
    publication,
    published_date,
    section,
    array_to_string(authors, '; ') as authors,
    array_to_string(topics, '; ') as topics,
    language_code,
    word_count,
    is_partial,
    status,
    embargo_until,
    story_key,
    url
from mart.article
where
    publication = /* publication */ 'Stadtblatt Furt'
    and published_date between /* from_date */ date '2026-03-16' and /* to_date */ date '2026-03-22'
order by published_date, article_id;
