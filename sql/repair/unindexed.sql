-- Takes the words of the revisions in `gone` out of the search index, while their texts are still there. If they are
-- many, all words are taken out: building the index again is faster then.
create or replace temp table stale_term as
with
words as (
    select distinct
        unnest(
            mart.search_words(concat_ws(' ', article_text.headline, article_text.deck, article_text.body))
        ) as word
    from news.article_text
    inner join gone on gone.article_key = article_text.article_key
    where (select count(*) from gone) <= $revisions
)

select distinct unnest(mart.search_terms(word)) as term
from words;

create or replace temp table stale_posting as
select
    search_posting.segment_key,
    search_posting.term,
    search_posting.hits
from ops.search_posting
inner join stale_term on stale_term.term = search_posting.term
where list_has_any(search_posting.hits, (select flatten(list([2 * article_key, 2 * article_key + 1])) from gone));

delete from ops.search_posting
where
    (select count(*) from gone) > $revisions
    or exists (
        select 1
        from stale_posting
        where stale_posting.segment_key = search_posting.segment_key and stale_posting.term = search_posting.term
    );

insert into ops.search_posting
with
each_hit as (
    select
        segment_key,
        term,
        unnest(hits) as hit
    from stale_posting
)

select
    segment_key,
    mart.search_start(term) as term_start,
    term,
    list(hit order by hit) as hits
from each_hit
where hit // 2 not in (select article_key from gone)
group by segment_key, term;

delete from ops.search_segment
where (select count(*) from gone) > $revisions;
