-- In which languages do the papers of each country publish?
select
    country_code,
    language_code,
    count(*) as articles
from mart.article
group by country_code, language_code
order by country_code nulls last, articles desc;
