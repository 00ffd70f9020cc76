-- after: mart.story_article
create table if not exists mart.daily_count (
    publication_key integer not null,
    published_date_key integer not null,
    articles bigint not null,
    partial_articles bigint not null,
    copies bigint not null,
    words bigint not null
);

comment on table mart.daily_count is 'The counts behind mart.daily_volume, updated with every change to an article. Key: publication_key, published_date_key.';
comment on column mart.daily_count.publication_key is 'Publication; 0 is unknown; see news.dim_publication';
comment on column mart.daily_count.published_date_key is 'Date as printed (local to the source), as yyyymmdd; 0 is unknown; see news.dim_date';
comment on column mart.daily_count.articles is 'Articles, including excerpts and copies';
comment on column mart.daily_count.partial_articles is 'Of these, excerpts or summaries only';
comment on column mart.daily_count.copies is 'Of these, articles whose story an earlier article had already carried, in any publication; see place in mart.story_article. What recurs as a series is no copy';
comment on column mart.daily_count.words is 'Words in the bodies of these articles';

-- around
create temp table if not exists daily_change (
    publication_key integer,
    published_date_key integer,
    articles bigint,
    partial_articles bigint,
    copies bigint,
    words bigint
);

-- around: the changing articles in their present form
insert into daily_change
select
    fact_article.publication_key,
    fact_article.published_date_key,
    $sign * count(*) as articles,
    $sign * count(*) filter (fact_article.is_partial) as partial_articles,
    0 as copies,
    $sign * sum(fact_article.word_count) as words
from news.fact_article
semi join counted_article on counted_article.article_id = fact_article.article_id
where fact_article.is_current and fact_article.status <> 'canceled'
group by fact_article.publication_key, fact_article.published_date_key;

-- derived: the copies in the affected stories, before and after the change
insert into daily_change
with
copies as (
    select publication_key, published_date_key, -1 as copies
    from former_copy

    union all

    select story_article.publication_key, story_article.published_date_key, 1 as copies
    from mart.story_article
    semi join affected_story on affected_story.story_key = story_article.story_key
    where story_article.place > 1 and story_article.kind = 'story'
)

select
    publication_key,
    published_date_key,
    0 as articles,
    0 as partial_articles,
    sum(copies) as copies,
    0 as words
from copies
group by publication_key, published_date_key;

-- derived
create or replace temp table daily_total as
with
counted as (
    select publication_key, published_date_key, articles, partial_articles, copies, words
    from daily_change

    union all

    select
        daily_count.publication_key,
        daily_count.published_date_key,
        daily_count.articles,
        daily_count.partial_articles,
        daily_count.copies,
        daily_count.words
    from mart.daily_count
    semi join daily_change
        on daily_change.publication_key = daily_count.publication_key
        and daily_change.published_date_key = daily_count.published_date_key
)

select
    publication_key,
    published_date_key,
    sum(articles)::bigint as articles,
    sum(partial_articles)::bigint as partial_articles,
    sum(copies)::bigint as copies,
    sum(words)::bigint as words
from counted
group by publication_key, published_date_key;

-- derived
delete from mart.daily_count
using daily_total
where
    daily_total.publication_key = daily_count.publication_key
    and daily_total.published_date_key = daily_count.published_date_key;

-- derived
insert into mart.daily_count
select
    publication_key,
    published_date_key,
    articles,
    partial_articles,
    copies,
    words
from daily_total
where articles > 0
order by publication_key, published_date_key;

-- derived
drop table daily_change;
