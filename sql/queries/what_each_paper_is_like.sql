-- What is each paper like: how long are its articles, how many signed, how many of agencies?
select
    publication,
    country_code,
    articles,
    partial_articles,
    median_words,
    round(100 * byline_share) as percent_signed,
    round(100 * agency_share) as percent_agency,
    list_sort(map_keys(languages)) as languages
from mart.publication_profile
order by articles desc, publication;
