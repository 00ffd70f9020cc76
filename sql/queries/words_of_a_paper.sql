-- Which hundred words are typical of the Harbour Courier in March 2026?
with
texts as (
    select
        article_id,
        publication = /* publication */ 'Harbour Courier' as is_own,
        mart.words_of(body) as words
    from mart.article
    where published_date between /* from_date */ date '2026-03-01' and /* to_date */ date '2026-03-31'
),

occurrences as (
    select
        article_id,
        is_own,
        unnest(words) as word
    from texts
),

totals as (
    select
        count(*) filter (is_own) as own,
        count(*) as all_words
    from occurrences
),

counted as (
    select
        occurrences.word,
        count(distinct occurrences.article_id) filter (occurrences.is_own) as articles,
        count(*) filter (occurrences.is_own) as own,
        count(*) filter (not occurrences.is_own) as others,
        count(*) * totals.own / totals.all_words as own_by_chance,
        100000 / totals.own as own_scale,
        100000 / (totals.all_words - totals.own) as others_scale
    from occurrences
    cross join totals
    group by occurrences.word, totals.own, totals.all_words
)

-- Log-likelihood (Dunning 1993): above 10.8, one word in a thousand would differ so much by chance.
select
    word,
    articles,
    own as occurrences,
    round(own * own_scale, 1) as per_100_000_words,
    round(others * others_scale, 1) as per_100_000_elsewhere,
    round(
        2 * (own * ln(own / own_by_chance) + if(others = 0, 0, others * ln(others / (own + others - own_by_chance)))), 1
    ) as log_likelihood
from counted
where own > own_by_chance and articles >= 3
order by log_likelihood desc, word
limit 100;
