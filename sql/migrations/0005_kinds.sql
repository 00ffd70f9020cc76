-- What kind of topic a label is, and which labels are one topic: of these rows too, once the tables are there.
alter table news.dim_topic add column kind varchar default 'subject';

alter table news.dim_topic alter column kind set not null;

alter table news.dim_topic alter column kind drop default;

alter table news.dim_topic add column same_as_key integer default 0;

alter table news.dim_topic alter column same_as_key set not null;

alter table news.dim_topic alter column same_as_key drop default;

-- Marts count a topic once, however many labels name it: they are counted again.
drop table if exists mart.topic_count;

-- What recurs is a series, and no copy: as in sql/dim/dim_story.sql, from the stored articles.
create table news.dim_story_new (
    story_key bigint not null,
    first_published_at timestamp,
    article_count integer not null,
    publication_count integer not null,
    kind varchar not null
);

insert into news.dim_story_new
with
members as (
    select
        article_story.story_key,
        fact_article.publication_key,
        coalesce(fact_article.published_at::date, dim_date.date) as date
    from news.article_story
    inner join news.fact_article on fact_article.article_id = article_story.article_id and fact_article.is_current
    inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
    qualify count(*) over (partition by article_story.story_key) > 1
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
        list(date) as dates
    from members
    group by story_key, publication_key
),

recurring as (
    select story_key
    from carried
    group by story_key
    having
        sum(
            len(list_filter(dates, lambda day: day - first_date >= 4))
            + greatest(len(list_filter(dates, lambda day: day is null)) - 3, 0)
        ) >= count(*)
),

series as (
    select story_key from spread
    union
    select story_key from recurring
)

select
    dim_story.story_key,
    dim_story.first_published_at,
    dim_story.article_count,
    dim_story.publication_count,
    if(series.story_key is null, 'story', 'series') as kind
from news.dim_story
left join series on series.story_key = dim_story.story_key
order by dim_story.story_key;

drop table news.dim_story;

alter table news.dim_story_new rename to dim_story;

drop table if exists mart.story_article;

drop table if exists mart.syndication;

drop table if exists mart.daily_count;

-- The time zone of a publication, and the local times of its articles: known from publications.toml on, once renormalised.
alter table news.dim_publication add column time_zone varchar;

alter table news.fact_article add column published_local timestamp;
