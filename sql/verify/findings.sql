-- What no single row shows: rows without a counterpart, and deliveries whose rows do not match the ledger.
-- Fills `finding`, one row per offending row: the finding (a name defined in expectations/whole_warehouse.py) and its
-- key. A statement for each, so that only what it needs is in memory.
create or replace temp table finding (
    finding varchar,
    key bigint
);

insert into finding
select
    'revision_without_text' as finding,
    fact_article.article_key as key
from news.fact_article
anti join news.article_text on article_text.article_key = fact_article.article_key;

insert into finding
with
authors as (
    select
        article_key,
        count(*) as author_count
    from news.bridge_article_author
    group by article_key
)

select
    'revision_with_other_authors' as finding,
    fact_article.article_key as key
from news.fact_article
left join authors on authors.article_key = fact_article.article_key
where fact_article.author_count <> coalesce(authors.author_count, 0);

insert into finding
select
    'article_without_story' as finding,
    fact_article.article_id as key
from news.fact_article
anti join news.article_story on article_story.article_id = fact_article.article_id
where fact_article.is_current;

insert into finding
select
    'article_without_key' as finding,
    fact_article.article_id as key
from news.fact_article
anti join ops.article_alias on article_alias.article_id = fact_article.article_id
where fact_article.is_current;

insert into finding
select
    'story_of_no_article' as finding,
    article_story.article_id as key
from news.article_story
anti join news.fact_article on fact_article.article_id = article_story.article_id;

insert into finding
with
stored_stories as (
    select
        story_key,
        min(article_id) as lowest_article_id,
        count(*) as articles
    from news.article_story
    group by story_key
)

select
    'story_miscounted' as finding,
    coalesce(dim_story.story_key, stored_stories.story_key) as key
from news.dim_story
full join stored_stories on stored_stories.story_key = dim_story.story_key
where
    dim_story.story_key is distinct from 0
    and (
        dim_story.story_key is distinct from stored_stories.lowest_article_id
        or dim_story.article_count is distinct from stored_stories.articles
    );

insert into finding
select
    'article_with_other_text' as finding,
    article_story.article_id as key
from news.article_story
inner join ops.story_text on story_text.text_key = article_story.text_key
inner join news.fact_article on fact_article.article_id = article_story.article_id and fact_article.is_current
where article_story.text_key > 0 and story_text.body_hash is distinct from fact_article.body_hash;

insert into finding
select
    'text_of_no_article' as finding,
    story_text.text_key as key
from ops.story_text
anti join news.article_story on article_story.text_key = story_text.text_key
where story_text.text_key > 0;

insert into finding
select
    'text_without_leader' as finding,
    story_text.text_key as key
from ops.story_text
anti join ops.story_text as leader on leader.text_key = story_text.leader_key and leader.leader_key = leader.text_key;

insert into finding
select distinct
    'band_of_no_text' as finding,
    story_band.text_key as key
from ops.story_band
anti join ops.story_text on story_text.text_key = story_band.text_key;

insert into finding
select
    'key_of_no_article' as finding,
    article_alias.article_id as key
from ops.article_alias
anti join news.fact_article on fact_article.article_id = article_alias.article_id
where article_alias.article_id > 0;

insert into finding
with
last_unloads as (
    select
        dump_load.dump_key,
        max(load_run.run_number) as unloaded_in
    from ops.dump_load
    inner join ops.load_run on load_run.run_id = dump_load.run_id
    where dump_load.state = 'unloaded'
    group by dump_load.dump_key
),

brought as (
    select
        dump_load.dump_key,
        min(load_run.run_number) as first_loaded_in,
        sum(dump_load.inserted + dump_load.revised) as revisions
    from ops.dump_load
    inner join ops.load_run on load_run.run_id = dump_load.run_id
    left join last_unloads on last_unloads.dump_key = dump_load.dump_key
    where
        dump_load.state = 'loaded'
        and (last_unloads.unloaded_in is null or load_run.run_number > last_unloads.unloaded_in)
    group by dump_load.dump_key
),

stored as (
    select
        dump_key,
        count(*) as revisions
    from news.fact_article
    group by dump_key
),

last_changes as (
    select
        coalesce((select max(run_number) from ops.load_run where trigger = 'takedown'), -1) as taken_down_in,
        coalesce((select max(unloaded_in) from last_unloads), -1) as unloaded_in
),

deliveries as (
    select
        dump.dump_key,
        coalesce(brought.revisions, 0) as brought,
        coalesce(stored.revisions, 0) as stored,
        coalesce(brought.first_loaded_in > last_changes.taken_down_in, false) as none_is_taken_down,
        coalesce(brought.first_loaded_in > last_changes.unloaded_in, true) as none_is_handed_on
    from ops.dump
    left join brought on brought.dump_key = dump.dump_key
    left join stored on stored.dump_key = dump.dump_key
    cross join last_changes
)

select
    'delivery_with_too_few' as finding,
    dump_key as key
from deliveries
where stored < brought and none_is_taken_down

union all

select
    'delivery_with_too_many' as finding,
    dump_key as key
from deliveries
where stored > brought and none_is_handed_on;

-- What the marts count.
create or replace temp view current_article as
select
    article_key,
    publication_key,
    published_date_key,
    published_date_key // 100 as month_key,
    word_count
from news.fact_article
where is_current and status <> 'canceled';

insert into finding
with
counted_days as (
    select
        publication_key,
        published_date_key,
        count(*) as articles,
        sum(word_count) as words
    from current_article
    group by publication_key, published_date_key
)

select
    'publication_miscounted' as finding,
    coalesce(daily_count.publication_key, counted_days.publication_key) as key
from mart.daily_count
full join counted_days
    on counted_days.publication_key = daily_count.publication_key
    and counted_days.published_date_key = daily_count.published_date_key
where
    daily_count.articles is distinct from counted_days.articles
    or daily_count.words is distinct from counted_days.words;

insert into finding
with
counted_authors as (
    select
        bridge_article_author.author_key,
        current_article.publication_key,
        current_article.month_key,
        count(distinct current_article.article_key) as articles
    from current_article
    inner join news.bridge_article_author on bridge_article_author.article_key = current_article.article_key
    group by bridge_article_author.author_key, current_article.publication_key, current_article.month_key
)

select
    'author_miscounted' as finding,
    coalesce(author_count.author_key, counted_authors.author_key) as key
from mart.author_count
full join counted_authors
    on counted_authors.author_key = author_count.author_key
    and counted_authors.publication_key = author_count.publication_key
    and counted_authors.month_key = author_count.month_key
where author_count.articles is distinct from counted_authors.articles;

insert into finding
with
counted_topics as (
    select
        dim_topic.same_as_key as topic_key,
        current_article.publication_key,
        current_article.month_key,
        count(distinct current_article.article_key) as articles
    from current_article
    inner join news.bridge_article_topic on bridge_article_topic.article_key = current_article.article_key
    inner join news.dim_topic on dim_topic.topic_key = bridge_article_topic.topic_key
    group by dim_topic.same_as_key, current_article.publication_key, current_article.month_key
)

select
    'topic_miscounted' as finding,
    coalesce(topic_count.topic_key, counted_topics.topic_key) as key
from mart.topic_count
full join counted_topics
    on counted_topics.topic_key = topic_count.topic_key
    and counted_topics.publication_key = topic_count.publication_key
    and counted_topics.month_key = topic_count.month_key
where topic_count.articles is distinct from counted_topics.articles;
