-- Topics that had more articles in the $days days up to $newest than their share of the $days_before days before would
-- make of them: `usual_articles`. Listed where that is hardly chance, the most surprising first, with the newest article.
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

topic as (
    select
        bridge_article_topic.topic_key,
        count(*) filter (dated.is_recent) as articles,
        count(*) filter (not dated.is_recent) as articles_before,
        count(distinct nullif(dated.publication_key, 0)) filter (dated.is_recent) as publications,
        max(dated.article_key) filter (dated.is_recent) as newest_key
    from dated
    inner join news.bridge_article_topic on bridge_article_topic.article_key = dated.article_key
    group by bridge_article_topic.topic_key
    having count(*) filter (dated.is_recent) >= 5
),

compared as (
    select
        topic.topic_key,
        topic.articles,
        topic.publications,
        topic.newest_key,
        topic.articles_before * total.articles / total.articles_before as usual_articles,
        (topic.articles - usual_articles) / sqrt(usual_articles + 1) as surprise
    from topic
    cross join total
    where total.articles_before > 0
),

rising as (
    select
        topic_key,
        articles,
        publications,
        newest_key,
        usual_articles,
        surprise
    from compared
    where articles >= 1.5 * usual_articles and surprise >= 3
    order by surprise desc, articles desc, topic_key
    limit $limit
)

select
    dim_topic.topic_name as topic,
    dim_topic.scheme,
    rising.articles,
    rising.usual_articles,
    rising.publications,
    article_text.headline,
    fact_article.url,
    fact_article.status
from rising
inner join news.dim_topic on dim_topic.topic_key = rising.topic_key
inner join news.fact_article on fact_article.article_key = rising.newest_key
inner join news.article_text on article_text.article_key = rising.newest_key
order by rising.surprise desc, rising.articles desc, rising.topic_key;
