-- How often does each paper write of the ferry, month by month?
with
mentions as (
    select
        found.publication,
        date_trunc('month', found.published_date)::date as month,
        len(list_filter(mart.words_of(article_text.body), lambda word: mart.search_folded(word) = mart.search_folded(/* word */ 'ferry'))) as occurrences
    from mart.find_articles(/* word */ 'ferry') as found
    inner join news.article_text on article_text.article_key = found.article_key
),

counted as (
    select
        publication,
        month,
        count(*) filter (occurrences > 0) as articles,
        sum(occurrences)::bigint as occurrences
    from mentions
    group by publication, month
),

volumes as (
    select
        publication,
        date_trunc('month', published_date)::date as month,
        sum(articles)::bigint as articles,
        sum(words)::bigint as words
    from mart.daily_volume
    where
        published_date is not null
        and if(len(mart.words_of(/* word */ 'ferry')) = 1, true, error('name one word; for phrases, beginnings and signs: broadsheet search'))
    group by publication, month
)

select
    volumes.publication,
    volumes.month,
    coalesce(counted.articles, 0) as articles,
    round(100 * coalesce(counted.articles, 0) / volumes.articles, 1) as percent_of_articles,
    coalesce(counted.occurrences, 0) as occurrences,
    round(100000 * coalesce(counted.occurrences, 0) / volumes.words, 1) as per_100_000_words
from volumes
left join counted on counted.publication = volumes.publication and counted.month = volumes.month
order by volumes.publication, volumes.month;
