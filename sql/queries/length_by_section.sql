-- Which ten sections have the longest articles, of those with at least five?
select
    publication,
    section,
    count(*) as articles,
    median(word_count) as median_words
from mart.article
where not is_partial and section <> 'unknown'
group by publication, section
having count(*) >= 5
order by median_words desc, publication, section
limit 10;
