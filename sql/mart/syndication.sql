-- after: mart.story_article
create table if not exists mart.syndication (
    story_key bigint not null,
    publication_key integer not null,
    publication varchar not null,
    articles integer not null,
    first_article_id bigint not null,
    published_at timestamp,
    published_date_key integer not null,
    published_date date,
    is_first boolean,
    first_publication varchar,
    days_after_first integer,
    hours_after_first double,
    shared_share double
);

comment on table mart.syndication is 'One row per story and publication that carried it, for stories in at least two known publications, without series: who was first, who followed and how much later. Nothing is guessed: values are empty where dates and times do not settle them. Key: story_key, publication_key.';
comment on column mart.syndication.story_key is 'The story; see news.dim_story';
comment on column mart.syndication.publication_key is 'Publication; see news.dim_publication';
comment on column mart.syndication.publication is 'Name of the publication';
comment on column mart.syndication.articles is 'Its articles that carry the story';
comment on column mart.syndication.first_article_id is 'The first of these articles; article_id in mart.article';
comment on column mart.syndication.published_at is 'When that article was published, UTC; empty if no time was printed';
comment on column mart.syndication.published_date_key is 'Date of that article as printed (local to the source), as yyyymmdd; 0 is unknown; see news.dim_date';
comment on column mart.syndication.published_date is 'Date of that article as printed (local to the source); empty if unknown';
comment on column mart.syndication.is_first is 'Whether no other publication carried the story earlier; empty where dates and times do not settle it; undated articles are not considered';
comment on column mart.syndication.first_publication is 'Publication that carried it first; empty where that cannot be determined; one of them if several did at the same instant';
comment on column mart.syndication.days_after_first is 'Days from the earliest date printed in any publication to its own; empty if it has no date';
comment on column mart.syndication.hours_after_first is 'Hours after the first publication; empty if either of them printed no time';
comment on column mart.syndication.shared_share is 'Share of the body of that article that is also in the first article of the story, 0 to 1, accurate to a few hundredths';

-- derived
delete from mart.syndication
where story_key in (select story_key from affected_story);

-- derived
insert into mart.syndication
with
carried as (
    select
        story_article.story_key,
        story_article.publication_key,
        story_article.publication,
        count(*) over by_publication as articles,
        story_article.article_id,
        story_article.published_at,
        story_article.published_date_key,
        story_article.published_date,
        story_article.shared_share
    from mart.story_article
    semi join affected_story on affected_story.story_key = story_article.story_key
    where story_article.publication_key <> 0 and story_article.kind = 'story'
    window by_publication as (partition by story_article.story_key, story_article.publication_key)
    qualify
        row_number() over (
            partition by story_article.story_key, story_article.publication_key
            order by story_article.place
        ) = 1
),

earliest as (
    select
        story_key,
        min(published_date) as published_date,
        min(published_at) as published_at,
        arg_min(published_date, published_at) as date_with_time,
        min(published_date) filter (published_at is null) as date_without_time
    from carried
    group by story_key
    having count(*) > 1
),

-- An article without a time may have been published before any other of its day.
judged as (
    select
        carried.story_key,
        carried.publication_key,
        case
            when carried.published_date is null then null
            when carried.published_at is null
                then
                    carried.published_date = earliest.date_without_time
                    and coalesce(carried.published_date <= earliest.date_with_time, true)
            else
                carried.published_at = earliest.published_at
                and coalesce(earliest.date_with_time <= earliest.date_without_time, true)
        end as may_be_first
    from carried
    inner join earliest on earliest.story_key = carried.story_key
),

candidates as (
    select
        judged.story_key,
        count(*) as publications,
        bool_and(carried.published_at is not null) as have_times,
        min(carried.publication) as publication
    from judged
    inner join carried
        on carried.story_key = judged.story_key and carried.publication_key = judged.publication_key
    where judged.may_be_first
    group by judged.story_key
),

leaders as (
    select
        story_key,
        have_times,
        publications = 1 or have_times as is_known,
        publication
    from candidates
)

select
    carried.story_key,
    carried.publication_key,
    carried.publication,
    carried.articles,
    carried.article_id as first_article_id,
    carried.published_at,
    carried.published_date_key,
    carried.published_date,
    if(judged.may_be_first and not leaders.is_known, null, judged.may_be_first) as is_first,
    if(leaders.is_known, leaders.publication, null) as first_publication,
    carried.published_date - earliest.published_date as days_after_first,
    if(
        leaders.is_known and leaders.have_times,
        date_diff('second', earliest.published_at, carried.published_at) / 3600,
        null
    ) as hours_after_first,
    carried.shared_share
from carried
inner join judged
    on judged.story_key = carried.story_key and judged.publication_key = carried.publication_key
inner join earliest on earliest.story_key = carried.story_key
left join leaders on leaders.story_key = carried.story_key
order by carried.story_key, carried.publication_key;
