-- Which hundred words are typical within five words of the ferry?
with
texts as (
    select
        article_text.article_key,
        mart.words_of(article_text.body) as words
    from mart.find_articles(/* word */ 'ferry') as found
    inner join news.article_text on article_text.article_key = found.article_key
    where
        found.published_date between /* from_date */ date '2026-02-01' and /* to_date */ date '2026-03-31'
        and if(len(mart.words_of(/* word */ 'ferry')) = 1, true, error('name one word; for phrases, beginnings and signs: broadsheet search'))
),

occurrences as (
    select
        article_key,
        unnest(words) as word,
        generate_subscripts(words, 1) as place
    from texts
),

judged as (
    select
        article_key,
        word,
        bool_or(mart.search_folded(word) = mart.search_folded(/* word */ 'ferry')) over around as is_near
    from occurrences
    window around as (partition by article_key order by place rows between 5 preceding and 5 following)
),

totals as (
    select
        count(*) filter (is_near) as near,
        count(*) as anywhere
    from judged
),

counted as (
    select
        judged.word,
        count(distinct judged.article_key) filter (judged.is_near) as articles,
        count(*) filter (judged.is_near) as near,
        count(*) filter (not judged.is_near) as elsewhere,
        count(*) * totals.near / totals.anywhere as near_by_chance
    from judged
    cross join totals
    where mart.search_folded(judged.word) <> mart.search_folded(/* word */ 'ferry')
    group by judged.word, totals.near, totals.anywhere
)

-- Log-likelihood (Dunning 1993): above 10.8, one word in a thousand would come so near by chance.
select
    word,
    articles,
    near,
    elsewhere,
    round(near_by_chance, 1) as near_by_chance,
    round(
        2
        * (
            near * ln(near / near_by_chance)
            + if(elsewhere = 0, 0, elsewhere * ln(elsewhere / (near + elsewhere - near_by_chance)))
        ),
        1
    ) as log_likelihood
from counted
where near > near_by_chance and articles >= 2
order by log_likelihood desc, word
limit 100;
