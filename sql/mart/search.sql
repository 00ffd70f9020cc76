-- after: news.fact_article, news.article_text, news.article_story, ops.search_posting, mart.search_terms
create or replace macro mart.search(words) as table
with
wanted as (
    select unnest(mart.search_terms(words)) as term
),

occurrences as (
    select unnest(search_posting.article_keys) as article_key
    from ops.search_posting
    inner join wanted on wanted.term = search_posting.term
),

indexed as (
    select article_key
    from occurrences
    group by article_key
    having count(*) = (select count(*) from wanted)
),

waiting as (
    select fact_article.article_key
    from news.fact_article
    where
        fact_article.is_current
        and not exists (
            select 1
            from ops.search_segment
            where fact_article.article_key between search_segment.first_article_key and search_segment.last_article_key
        )
),

-- The case expression makes the join run before the test: otherwise every stored text would be tested. The letters are
-- looked for first, because splitting a text into words takes longer.
looked_through as (
    select article_text.article_key
    from news.article_text
    inner join waiting on waiting.article_key = article_text.article_key
    cross join lateral (
        select lower(strip_accents(concat_ws(' ', article_text.headline, article_text.deck, article_text.body))) as text
    ) as folded
    where
        case
            when waiting.article_key is null or len(mart.search_terms(words)) = 0 then false
            when not list_bool_and(list_transform(mart.search_terms(words), lambda term: contains(folded.text, term)))
            then false
            else list_has_all(mart.search_terms(folded.text), mart.search_terms(words))
        end
),

found as (
    select article_key from indexed

    union all

    select article_key from looked_through
)

select
    fact_article.article_id,
    fact_article.article_key,
    dim_date.date as published_date,
    dim_publication.publication_name as publication,
    article_text.headline,
    list_has_all(mart.search_terms(article_text.headline), mart.search_terms(words)) as is_in_headline,
    fact_article.url,
    article_story.story_key
from found
inner join news.fact_article on fact_article.article_key = found.article_key
inner join news.article_text on article_text.article_key = found.article_key
inner join news.dim_publication on dim_publication.publication_key = fact_article.publication_key
inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
inner join news.article_story on article_story.article_id = fact_article.article_id
where fact_article.is_current and fact_article.status <> 'canceled'
order by is_in_headline desc, published_date desc nulls last, fact_article.article_key;

comment on macro table mart.search is 'Articles that contain all the words in headline, deck or body, ignoring case and accents; those with all of them in the headline first, then the newest. Revisions that the search index does not cover yet are found by reading their texts. Columns: article_id, article_key, published_date, publication, headline, is_in_headline, url, story_key.';
