-- Subjects that had more articles in the $days days up to $newest than their share of the $days_before days before would
-- make of them: `usual_articles`. Listed where that is hardly chance, the least likely first, with the newest article.
with
dated as (
    select
        article_key,
        publication_key,
        published_date_key > strftime($newest::date - $days::integer, '%Y%m%d')::integer as is_recent
    from news.fact_article
    where
        is_current
        and status <> 'canceled'
        and published_date_key > strftime($newest::date - ($days + $days_before)::integer, '%Y%m%d')::integer
        and published_date_key <= strftime($newest::date, '%Y%m%d')::integer
),

total as (
    select
        count(*) filter (is_recent) as articles,
        count(*) filter (not is_recent) as articles_before
    from dated
),

labelled as (
    select distinct
        dated.article_key,
        dated.publication_key,
        dated.is_recent,
        dim_topic.same_as_key as topic_key
    from dated
    inner join news.bridge_article_topic on bridge_article_topic.article_key = dated.article_key
    inner join news.dim_topic on dim_topic.topic_key = bridge_article_topic.topic_key
    where dim_topic.kind = 'subject'
),

topic as (
    select
        topic_key,
        count(*) filter (is_recent) as articles,
        count(*) filter (not is_recent) as articles_before,
        count(distinct nullif(publication_key, 0)) filter (is_recent) as publications,
        max(article_key) filter (is_recent) as newest_key,
        count(*) over () as topics
    from labelled
    group by topic_key
),

-- Articles that come at random (Poisson), so many where `expected` are usual, are chance of at most
-- exp(articles - expected) * (expected / articles) ** articles. Of many topics some are far from usual by chance alone.
compared as (
    select
        topic.topic_key,
        topic.articles,
        topic.publications,
        topic.newest_key,
        total.articles / total.articles_before as ratio,
        topic.articles_before * ratio as usual_articles,
        (topic.articles_before + 2) * ratio as expected,
        topic.articles - expected + topic.articles * ln(expected / topic.articles) + ln(topic.topics) as log_chance
    from topic
    cross join total
    where topic.articles >= 5 and total.articles_before > 0
),

rising as (
    select
        topic_key,
        articles,
        publications,
        newest_key,
        usual_articles,
        log_chance
    from compared
    where articles >= 1.5 * usual_articles and articles > expected and log_chance < ln(0.01)
    order by log_chance, articles desc, topic_key
    limit $limit
)

select
    named.name as topic,
    dim_topic.scheme,
    rising.articles,
    rising.usual_articles,
    rising.publications,
    article_text.headline,
    fact_article.url,
    fact_article.status
from rising
inner join news.dim_topic on dim_topic.topic_key = rising.topic_key
inner join news.topic as named on named.topic_key = rising.topic_key
inner join news.fact_article on fact_article.article_key = rising.newest_key
inner join news.article_text on article_text.article_key = rising.newest_key
order by rising.log_chance, rising.articles desc, rising.topic_key;
