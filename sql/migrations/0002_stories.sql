-- Stories are found among near-identical texts, from fingerprints that older warehouses do not have: the first load or
-- repair computes them and finds all stories. Until then, articles with the same body share a story.
create table news.article_story_new (
    article_id bigint not null,
    text_key bigint not null,
    story_key bigint not null,
    is_first boolean not null,
    shared_share double not null
);

insert into news.article_story_new
select
    article_id,
    0 as text_key,
    min(article_id) over (partition by coalesce(body_hash, article_id::varchar)) as story_key,
    row_number() over (partition by coalesce(body_hash, article_id::varchar) order by published_at nulls last, article_id) = 1
    as is_first,
    1 as shared_share
from news.fact_article
where is_current;

drop table news.article_story;

alter table news.article_story_new rename to article_story;

delete from news.dim_story
where story_key > 0;

insert into news.dim_story
select
    article_story.story_key,
    min(coalesce(fact_article.published_at, dim_date.date::timestamp)) as first_published_at,
    count(*) as article_count,
    count(distinct nullif(fact_article.publication_key, 0)) as publication_count
from news.article_story
inner join news.fact_article on fact_article.article_id = article_story.article_id and fact_article.is_current
left join news.dim_date on dim_date.date_key = fact_article.published_date_key
group by article_story.story_key;
