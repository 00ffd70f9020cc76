-- Articles by language, most first; all beyond the first $languages are combined.
with
counted as (
    select
        language_key,
        count(*) as articles
    from news.fact_article
    where is_current and status <> 'canceled'
    group by language_key
),

ranked as (
    select
        if(counted.language_key = 0, 'not determined', dim_language.language_name) as language,
        articles,
        row_number() over (order by counted.articles desc, dim_language.language_name) as rank
    from counted
    inner join news.dim_language on dim_language.language_key = counted.language_key
),

named as (
    select
        if(rank <= $languages, language, 'all others') as language,
        least(rank, $languages + 1) as rank,
        articles
    from ranked
)

select
    language,
    sum(articles)::bigint as articles
from named
group by language, rank
order by rank;
