-- after: mart.story_article
create table if not exists mart.daily_volume (
    publication_key integer not null,
    publication varchar not null,
    published_date_key integer not null,
    published_date date,
    articles bigint not null,
    partial_articles bigint not null,
    copies bigint not null,
    words bigint not null,
    run_id varchar not null
);

comment on table mart.daily_volume is 'One row per publication and day on which it published. Canceled articles do not count. Key: publication_key, published_date_key.';
comment on column mart.daily_volume.publication_key is 'Publication; 0 is unknown; see news.dim_publication';
comment on column mart.daily_volume.publication is 'Name of the publication';
comment on column mart.daily_volume.published_date_key is 'Date as printed; 0 is unknown; see news.dim_date';
comment on column mart.daily_volume.published_date is 'That date; empty where unknown';
comment on column mart.daily_volume.articles is 'Articles, excerpts and copies among them';
comment on column mart.daily_volume.partial_articles is 'Of these, excerpts or summaries only';
comment on column mart.daily_volume.copies is 'Of these, articles whose story an earlier one tells already, in any publication; see place in mart.story_article';
comment on column mart.daily_volume.words is 'Words in their bodies';
comment on column mart.daily_volume.run_id is 'Run that last counted it; see ops.load_run';

-- around
create temp table if not exists daily_change (
    publication_key integer,
    published_date_key integer,
    articles bigint,
    partial_articles bigint,
    copies bigint,
    words bigint
);

-- around: the touched articles as they stand
insert into daily_change
select
    fact_article.publication_key,
    fact_article.published_date_key,
    $sign * count(*) as articles,
    $sign * count(*) filter (fact_article.is_partial) as partial_articles,
    0 as copies,
    $sign * sum(fact_article.word_count) as words
from news.fact_article
semi join touched_article on touched_article.article_id = fact_article.article_id
where fact_article.is_current and fact_article.status <> 'canceled'
group by fact_article.publication_key, fact_article.published_date_key;

-- derived: the copies in the stories told again, as they stood and as they stand
insert into daily_change
with
copies as (
    select publication_key, published_date_key, -1 as copies
    from former_copy

    union all

    select story_article.publication_key, story_article.published_date_key, 1 as copies
    from mart.story_article
    semi join retold_story on retold_story.story_key = story_article.story_key
    where story_article.place > 1
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
        daily_volume.publication_key,
        daily_volume.published_date_key,
        daily_volume.articles,
        daily_volume.partial_articles,
        daily_volume.copies,
        daily_volume.words
    from mart.daily_volume
    semi join daily_change
        on daily_change.publication_key = daily_volume.publication_key
        and daily_change.published_date_key = daily_volume.published_date_key
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
delete from mart.daily_volume
using daily_total
where
    daily_total.publication_key = daily_volume.publication_key
    and daily_total.published_date_key = daily_volume.published_date_key;

-- derived
insert into mart.daily_volume
select
    daily_total.publication_key,
    dim_publication.publication_name as publication,
    daily_total.published_date_key,
    dim_date.date as published_date,
    daily_total.articles,
    daily_total.partial_articles,
    daily_total.copies,
    daily_total.words,
    $run_id as run_id
from daily_total
inner join news.dim_publication on dim_publication.publication_key = daily_total.publication_key
inner join news.dim_date on dim_date.date_key = daily_total.published_date_key
where daily_total.articles > 0
order by daily_total.publication_key, daily_total.published_date_key;

-- derived
drop table daily_change;
