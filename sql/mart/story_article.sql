-- after: news.dim_story
create table if not exists mart.story_article (
    story_key bigint not null,
    place integer not null,
    article_id bigint not null,
    publication_key integer not null,
    publication varchar not null,
    published_at timestamp,
    published_date_key integer not null,
    published_date date,
    shared_share double not null,
    kind varchar not null
);

comment on table mart.story_article is 'The articles of every story that at least two of them carry, in order of publication. Canceled articles do not count. Key: article_id. Key: story_key, place.';
comment on column mart.story_article.story_key is 'The story; see news.dim_story';
comment on column mart.story_article.place is 'Place in the order of publication, from 1; a date without a time counts as 00:00; unknown dates come last; ties stay in load order';
comment on column mart.story_article.article_id is 'The article; the same for all its revisions';
comment on column mart.story_article.publication_key is 'Publication; 0 is unknown; see news.dim_publication';
comment on column mart.story_article.publication is 'Name of the publication';
comment on column mart.story_article.published_at is 'When the article was published, UTC; empty if no time was printed';
comment on column mart.story_article.published_date_key is 'Date as printed (local to the source), as yyyymmdd; 0 is unknown; see news.dim_date';
comment on column mart.story_article.published_date is 'Date as printed (local to the source); empty if unknown';
comment on column mart.story_article.shared_share is 'Share of its body that is also in the first article of the story, 0 to 1, accurate to a few hundredths';
comment on column mart.story_article.kind is 'Kind of the story: story, or series for what recurs, such as tables and notices';

-- derived: the stories that the touched articles are in now, and those they were in before
create or replace temp table affected_story as
with
moved as (
    select touched_article.article_id
    from touched_article

    union

    select article_story.article_id
    from news.article_story
    semi join touched_story on touched_story.story_key = article_story.story_key
)

select touched_story.story_key
from touched_story

union

select story_article.story_key
from mart.story_article
semi join moved on moved.article_id = story_article.article_id;

-- derived: the copies in these stories before the change, for mart.daily_count
create or replace temp table former_copy as
select
    story_article.publication_key,
    story_article.published_date_key
from mart.story_article
semi join affected_story on affected_story.story_key = story_article.story_key
where story_article.place > 1 and story_article.kind = 'story';

-- derived
delete from mart.story_article
where story_key in (select story_key from affected_story);

-- derived
insert into mart.story_article
with
articles as (
    select
        article_story.story_key,
        article_story.article_id,
        article_story.shared_share
    from news.article_story
    semi join affected_story on affected_story.story_key = article_story.story_key
),

series as (
    select story_key
    from news.dim_story
    where kind = 'series'
)

select
    articles.story_key,
    row_number() over (
        partition by articles.story_key
        order by coalesce(fact_article.published_at, dim_date.date::timestamp) nulls last, articles.article_id
    ) as place,
    articles.article_id,
    fact_article.publication_key,
    dim_publication.publication_name as publication,
    fact_article.published_at,
    fact_article.published_date_key,
    dim_date.date as published_date,
    articles.shared_share,
    if(series.story_key is null, 'story', 'series') as kind
from articles
inner join news.fact_article on fact_article.article_id = articles.article_id
inner join news.dim_publication on dim_publication.publication_key = fact_article.publication_key
inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
left join series on series.story_key = articles.story_key
where fact_article.is_current and fact_article.status <> 'canceled'
qualify count(*) over (partition by articles.story_key) > 1
order by articles.story_key, place;
