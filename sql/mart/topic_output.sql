-- after: news.fact_article
create table if not exists mart.topic_output (
    topic_key integer not null,
    scheme varchar not null,
    topic varchar not null,
    publication_key integer not null,
    publication varchar not null,
    month_key integer not null,
    month date,
    articles bigint not null,
    words bigint not null,
    run_id varchar not null
);

comment on table mart.topic_output is 'One row per topic, publication and month. An article with two topics counts for both; canceled ones do not count. Key: topic_key, publication_key, month_key.';
comment on column mart.topic_output.topic_key is 'Topic; see news.dim_topic';
comment on column mart.topic_output.scheme is 'Vocabulary that the topic is from, such as tag, collection or subject';
comment on column mart.topic_output.topic is 'Name of the topic';
comment on column mart.topic_output.publication_key is 'Publication; 0 is unknown; see news.dim_publication';
comment on column mart.topic_output.publication is 'Name of the publication';
comment on column mart.topic_output.month_key is 'Month of the date as printed, as yyyymm; 0 is unknown';
comment on column mart.topic_output.month is 'First day of that month; empty where unknown';
comment on column mart.topic_output.articles is 'Articles that bear the label';
comment on column mart.topic_output.words is 'Words in their bodies';
comment on column mart.topic_output.run_id is 'Run that last counted it; see ops.load_run';

-- around
create temp table if not exists topic_change (
    topic_key integer,
    publication_key integer,
    month_key integer,
    articles bigint,
    words bigint
);

-- around: the touched articles as they stand
insert into topic_change
select
    bridge_article_topic.topic_key,
    fact_article.publication_key,
    fact_article.published_date_key // 100 as month_key,
    $sign * count(*) as articles,
    $sign * sum(fact_article.word_count) as words
from news.fact_article
semi join touched_article on touched_article.article_id = fact_article.article_id
inner join news.bridge_article_topic on bridge_article_topic.article_key = fact_article.article_key
where fact_article.is_current and fact_article.status <> 'canceled'
group by bridge_article_topic.topic_key, fact_article.publication_key, month_key;

-- derived
create or replace temp table topic_total as
with
counted as (
    select topic_key, publication_key, month_key, articles, words
    from topic_change

    union all

    select
        topic_output.topic_key,
        topic_output.publication_key,
        topic_output.month_key,
        topic_output.articles,
        topic_output.words
    from mart.topic_output
    semi join topic_change
        on topic_change.topic_key = topic_output.topic_key
        and topic_change.publication_key = topic_output.publication_key
        and topic_change.month_key = topic_output.month_key
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
delete from mart.topic_output
using topic_total
where
    topic_total.topic_key = topic_output.topic_key
    and topic_total.publication_key = topic_output.publication_key
    and topic_total.month_key = topic_output.month_key;

-- derived
insert into mart.topic_output
select
    topic_total.topic_key,
    dim_topic.scheme,
    dim_topic.topic_name as topic,
    topic_total.publication_key,
    dim_publication.publication_name as publication,
    topic_total.month_key,
    strptime(nullif(topic_total.month_key, 0)::varchar, '%Y%m')::date as month,
    topic_total.articles,
    topic_total.words,
    $run_id as run_id
from topic_total
inner join news.dim_topic on dim_topic.topic_key = topic_total.topic_key
inner join news.dim_publication on dim_publication.publication_key = topic_total.publication_key
where topic_total.articles > 0
order by topic_total.topic_key, topic_total.publication_key, topic_total.month_key;

-- derived
drop table topic_change;
