-- after: news.fact_article, news.article_text
create table if not exists mart.revision_history (
    article_key bigint not null,
    previous_article_key bigint not null,
    article_id bigint not null,
    revision integer not null,
    publication_key integer not null,
    publication varchar not null,
    valid_from timestamp not null,
    hours_after_previous double not null,
    is_headline_changed boolean not null,
    is_deck_changed boolean not null,
    is_byline_changed boolean not null,
    is_body_changed boolean not null,
    words_added integer not null,
    words_removed integer not null,
    status varchar not null,
    previous_status varchar not null,
    is_date_changed boolean not null,
    loaded_at timestamp not null
);

comment on table mart.revision_history is 'One row per revision after the first: what changed since the previous one. Cancellations count as revisions. Key: article_key. Key: article_id, revision.';
comment on column mart.revision_history.article_key is 'The revision; its text is in news.article_text';
comment on column mart.revision_history.previous_article_key is 'The previous revision; its text is in news.article_text';
comment on column mart.revision_history.article_id is 'The article; the same for all its revisions';
comment on column mart.revision_history.revision is 'Number of the revision, from 1';
comment on column mart.revision_history.publication_key is 'Publication; 0 is unknown; see news.dim_publication';
comment on column mart.revision_history.publication is 'Name of the publication';
comment on column mart.revision_history.valid_from is 'When the revision became valid, UTC: when it was modified, else published, else loaded; never before the previous revision did';
comment on column mart.revision_history.hours_after_previous is 'Hours since the previous revision became valid';
comment on column mart.revision_history.is_headline_changed is 'Whether the headline changed';
comment on column mart.revision_history.is_deck_changed is 'Whether the deck changed';
comment on column mart.revision_history.is_byline_changed is 'Whether the byline changed';
comment on column mart.revision_history.is_body_changed is 'Whether the body changed';
comment on column mart.revision_history.words_added is 'Words in the body that the previous one did not have, each counted as often as it was added; in scripts without spaces, characters';
comment on column mart.revision_history.words_removed is 'Words in the previous body that this one does not have, each counted as often as it was removed; in scripts without spaces, characters';
comment on column mart.revision_history.status is 'usable, corrected, canceled, withheld or embargoed';
comment on column mart.revision_history.previous_status is 'Status of the previous revision';
comment on column mart.revision_history.is_date_changed is 'Whether the date or time of publication changed';
comment on column mart.revision_history.loaded_at is 'Start of the run that loaded it, UTC';

-- derived: every revision of the changing articles except the first, with its previous one
create or replace temp table revision_pair as
select
    revision.article_key,
    previous.article_key as previous_article_key,
    revision.article_id,
    revision.revision,
    revision.publication_key,
    revision.valid_from,
    date_diff('second', previous.valid_from, revision.valid_from) / 3600 as hours_after_previous,
    revision.status,
    previous.status as previous_status,
    revision.published_date_key <> previous.published_date_key
    or revision.published_at is distinct from previous.published_at as is_date_changed,
    revision.loaded_at
from news.fact_article as revision
semi join counted_article on counted_article.article_id = revision.article_id
inner join news.fact_article as previous
    on previous.article_id = revision.article_id and previous.revision = revision.revision - 1
where revision.revision > 1;

-- derived: their texts
create or replace temp table revision_text as
with
revisions as (
    select article_key from revision_pair

    union

    select previous_article_key from revision_pair
)

select
    article_text.article_key,
    article_text.headline,
    article_text.deck,
    article_text.byline,
    coalesce(article_text.body, '') as body
from news.article_text
semi join revisions on revisions.article_key = article_text.article_key;

-- derived: words added and removed, from the paragraphs that the two do not have in common
create or replace temp table revision_words as
with
paragraphs as (
    select revision_pair.article_key, unnest(string_split(revision_text.body, E'\n\n')) as paragraph, 1 as sign
    from revision_pair
    inner join revision_text on revision_text.article_key = revision_pair.article_key

    union all

    select revision_pair.article_key, unnest(string_split(revision_text.body, E'\n\n')) as paragraph, -1 as sign
    from revision_pair
    inner join revision_text on revision_text.article_key = revision_pair.previous_article_key
),

changed_paragraphs as (
    select
        article_key,
        paragraph,
        sum(sign) as change
    from paragraphs
    group by article_key, paragraph
    having sum(sign) <> 0
),

words as (
    select
        article_key,
        change,
        unnest(
            regexp_extract_all(
                paragraph,
                '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]'
                || '|[^\s\p{Z}\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+'
            )
        ) as word
    from changed_paragraphs
),

changed_words as (
    select
        article_key,
        sum(change) as change
    from words
    group by article_key, word
)

select
    article_key,
    coalesce(sum(change) filter (change > 0), 0)::integer as added,
    coalesce(-sum(change) filter (change < 0), 0)::integer as removed
from changed_words
group by article_key;

-- derived
delete from mart.revision_history
where article_id in (select article_id from counted_article);

-- derived
insert into mart.revision_history
select
    revision_pair.article_key,
    revision_pair.previous_article_key,
    revision_pair.article_id,
    revision_pair.revision,
    revision_pair.publication_key,
    dim_publication.publication_name as publication,
    revision_pair.valid_from,
    revision_pair.hours_after_previous,
    text.headline is distinct from previous_text.headline as is_headline_changed,
    text.deck is distinct from previous_text.deck as is_deck_changed,
    text.byline is distinct from previous_text.byline as is_byline_changed,
    text.body <> previous_text.body as is_body_changed,
    coalesce(revision_words.added, 0) as words_added,
    coalesce(revision_words.removed, 0) as words_removed,
    revision_pair.status,
    revision_pair.previous_status,
    revision_pair.is_date_changed,
    revision_pair.loaded_at
from revision_pair
inner join revision_text as text on text.article_key = revision_pair.article_key
inner join revision_text as previous_text on previous_text.article_key = revision_pair.previous_article_key
inner join news.dim_publication on dim_publication.publication_key = revision_pair.publication_key
left join revision_words on revision_words.article_key = revision_pair.article_key
order by revision_pair.article_key;
