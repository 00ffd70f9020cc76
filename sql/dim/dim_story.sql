-- after: news.fact_article, news.article_story
create table if not exists news.dim_story (
    story_key bigint not null,
    first_published_at timestamp,
    article_count integer not null,
    publication_count integer not null,
    kind varchar not null
);

comment on table news.dim_story is 'One row per story: the articles whose bodies are nearly the same as the longest one. Key: story_key.';
comment on column news.dim_story.story_key is 'Lowest article_id in the story; 0 stands for an unknown story. It changes when stories merge (the lower key stays) or when that article leaves';
comment on column news.dim_story.first_published_at is 'When the first of its articles was published, UTC; a date without a time counts as 00:00; empty if no article is dated';
comment on column news.dim_story.article_count is 'Articles in the story';
comment on column news.dim_story.publication_count is 'Known publications that carried it';
comment on column news.dim_story.kind is 'story, or series for what recurs, such as tables and notices: what has as many repeats as publications, or more. A repeat comes four days or more after the first article of its publication, or is its fourth without a date; 100 words or more of prose, printed once more word for word, are no repeat. Fewer than 100 words that four publications have, all without a date, are a series, too. Articles whose middle half spans over 31 days are one as well';

insert into news.dim_story (story_key, article_count, publication_count, kind)
select 0, 0, 0, 'story'
where not exists (select 1 from news.dim_story where story_key = 0);

-- derived
delete from news.dim_story
where story_key in (select story_key from touched_story);

-- derived
insert into news.dim_story
with
counted as (
    select
        story_key,
        min(published_at) as first_published_at,
        count(*) as article_count,
        count(distinct nullif(publication_key, 0)) as publication_count,
        count(published_at) as dated_count,
        min(word_count) as word_count
    from story_member
    group by story_key
),

members as (
    select
        story_member.story_key,
        story_member.publication_key,
        story_member.article_key,
        story_member.text_key,
        story_member.word_count,
        story_member.published_at::date as date
    from story_member
    inner join counted on counted.story_key = story_member.story_key
    where counted.article_count > 1
),

spread as (
    select story_key
    from members
    group by story_key
    having quantile_disc(date, 0.75) - quantile_disc(date, 0.25) > 31
),

carried as (
    select
        story_key,
        publication_key,
        min(date) as first_date,
        list(date) as dates,
        count(distinct text_key) as text_count,
        min(article_key) as article_key,
        min(word_count) as word_count
    from members
    group by story_key, publication_key
),

-- Within four days agencies send a report again and papers print what was on their sites: a weekend is between.
repeated as (
    select
        story_key,
        publication_key,
        article_key,
        list_filter(dates, lambda day: day - first_date >= 4) as later_dates,
        greatest(len(list_filter(dates, lambda day: day is null)) - 3, 0) as undated_count,
        text_count = 1 and word_count >= 100 and len(list_distinct(later_dates)) = 1 as is_once_more
    from carried
),

-- Materialized, so that no other bodies are looked at.
once_more as materialized (
    select
        repeated.story_key,
        repeated.publication_key,
        article_text.body
    from news.article_text
    inner join repeated on repeated.article_key = article_text.article_key
    where repeated.is_once_more
),

-- Prose that is printed once more, word for word, is a reprint. Notices are shorter, and tables are full of digits.
reprinted as (
    select
        story_key,
        publication_key
    from once_more
    where len(regexp_replace(body, '[^0-9]', '', 'g')) < 0.05 * len(body)
),

recurring as (
    select repeated.story_key
    from repeated
    left join reprinted
        on reprinted.story_key = repeated.story_key and reprinted.publication_key = repeated.publication_key
    group by repeated.story_key
    having
        sum(
            if(reprinted.story_key is null, len(repeated.later_dates), 0) + repeated.undated_count
        ) >= count(*)
),

-- What no site dates and many have, in few words, is a notice, as of an error or of cookies.
noticed as (
    select story_key
    from counted
    where dated_count = 0 and publication_count >= 4 and word_count < 100
),

series as (
    select story_key from spread
    union
    select story_key from recurring
    union
    select story_key from noticed
)

select
    counted.story_key,
    counted.first_published_at,
    counted.article_count,
    counted.publication_count,
    if(series.story_key is null, 'story', 'series') as kind
from counted
left join series on series.story_key = counted.story_key
order by counted.story_key;
