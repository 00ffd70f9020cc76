-- Which sections of which papers have the longest articles?
select
    publication,
    section,
    count(*) as articles,
    median(word_count) as median_words
from mart.article
where not is_partial
group by publication, section
having count(*) >= 5
order by median_words desc, publication, section
limit 10;
