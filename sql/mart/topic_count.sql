-- after: news.fact_article
create table if not exists mart.topic_count (
    topic_key integer not null,
    publication_key integer not null,
    month_key integer not null,
    articles bigint not null,
    words bigint not null
);

comment on table mart.topic_count is 'The counts behind mart.topic_output, updated with every change to an article. Labels that are one topic count once. Key: topic_key, publication_key, month_key.';
comment on column mart.topic_count.topic_key is 'Topic, by same_as_key of its labels; see news.dim_topic';
comment on column mart.topic_count.publication_key is 'Publication; 0 is unknown; see news.dim_publication';
comment on column mart.topic_count.month_key is 'Month of the date as printed, as yyyymm; 0 is unknown';
comment on column mart.topic_count.articles is 'Articles on this topic';
comment on column mart.topic_count.words is 'Words in the bodies of these articles';

-- around
create temp table if not exists topic_change (
    topic_key integer,
    publication_key integer,
    month_key integer,
    articles bigint,
    words bigint
);

-- around: the changing articles in their present form
insert into topic_change
with
topics as (
    select distinct
        fact_article.article_key,
        fact_article.publication_key,
        fact_article.published_date_key // 100 as month_key,
        fact_article.word_count,
        dim_topic.same_as_key as topic_key
    from news.fact_article
    semi join counted_article on counted_article.article_id = fact_article.article_id
    inner join news.bridge_article_topic on bridge_article_topic.article_key = fact_article.article_key
    inner join news.dim_topic on dim_topic.topic_key = bridge_article_topic.topic_key
    where fact_article.is_current and fact_article.status <> 'canceled'
)

select
    topic_key,
    publication_key,
    month_key,
    $sign * count(*) as articles,
    $sign * sum(word_count) as words
from topics
group by topic_key, publication_key, month_key;

-- derived
create or replace temp table topic_total as
with
counted as (
    select topic_key, publication_key, month_key, articles, words
    from topic_change

    union all

    select
        topic_count.topic_key,
        topic_count.publication_key,
        topic_count.month_key,
        topic_count.articles,
        topic_count.words
    from mart.topic_count
    semi join topic_change
        on topic_change.topic_key = topic_count.topic_key
        and topic_change.publication_key = topic_count.publication_key
        and topic_change.month_key = topic_count.month_key
)

select
    topic_key,
    publication_key,
    month_key,
    sum(articles)::bigint as articles,
    sum(words)::bigint as words
from counted
group by topic_key, publication_key, month_key;

-- derived
delete from mart.topic_count
using topic_total
where
    topic_total.topic_key = topic_count.topic_key
    and topic_total.publication_key = topic_count.publication_key
    and topic_total.month_key = topic_count.month_key;

-- derived
insert into mart.topic_count
select
    topic_key,
    publication_key,
    month_key,
    articles,
    words
from topic_total
where articles > 0
order by topic_key, publication_key, month_key;

-- derived
drop table topic_change;
