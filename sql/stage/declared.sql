-- Gives every publication what publications.toml says of it today (`declared`: publication_name, country_code,
-- time_zone), and takes away what it does not say any more. Returns the articles whose local time may be another now.
create or replace temp table moved_publication as
select
    dim_publication.publication_key,
    coalesce(declared.country_code, dim_publication.stated_country_code) as country_code,
    declared.time_zone
from news.dim_publication
left join declared on declared.publication_name = dim_publication.publication_name
where
    dim_publication.country_code is distinct from coalesce(declared.country_code, dim_publication.stated_country_code)
    or dim_publication.time_zone is distinct from declared.time_zone;

update news.dim_publication
set
    country_code = moved_publication.country_code,
    time_zone = moved_publication.time_zone
from moved_publication
where moved_publication.publication_key = dim_publication.publication_key;

select
    fact_article.article_key,
    fact_article.published_at,
    fact_article.published_local,
    dim_publication.time_zone
from news.fact_article
inner join news.dim_publication on dim_publication.publication_key = fact_article.publication_key
where
    fact_article.published_at is not null
    and (
        fact_article.publication_key in (select moved_publication.publication_key from moved_publication)
        or (fact_article.published_local is null and dim_publication.time_zone is not null)
    );
