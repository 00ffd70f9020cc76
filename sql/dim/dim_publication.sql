create table if not exists news.dim_publication (
    publication_key integer not null,
    publication_name varchar not null,
    country_code varchar,
    language_code varchar,
    domain varchar,
    time_zone varchar,
    stated_country_code varchar
);

comment on table news.dim_publication is 'One row per publication. Key: publication_key. Key: publication_name.';
comment on column news.dim_publication.publication_key is 'Surrogate key; 0 stands for an unknown publication';
comment on column news.dim_publication.publication_name is 'Name: as publications.toml has it, else as printed, with whitespace tidied';
comment on column news.dim_publication.country_code is 'Country of the publication, as an ISO 3166-1 alpha-2 code: the one in publications.toml, else stated_country_code';
comment on column news.dim_publication.language_code is 'Language of the publication, as an ISO 639-1 code; the last one stated';
comment on column news.dim_publication.domain is 'Web host of its articles, without www; the last one seen';
comment on column news.dim_publication.time_zone is 'IANA time zone of the publication, from publications.toml; empty if it has none';
comment on column news.dim_publication.stated_country_code is 'Country that its dumps or their feeds state, as an ISO 3166-1 alpha-2 code; the last one stated';

insert into news.dim_publication (publication_key, publication_name)
select 0, 'unknown'
where not exists (select 1 from news.dim_publication where publication_key = 0);

insert into news.dim_publication
with
new_publications as (
    select
        publication_name,
        arg_max(publication_country_code, ordinal) as country_code,
        arg_max(publication_language_code, ordinal) as language_code,
        arg_max(publication_domain, ordinal) as domain
    from incoming
    where publication_name is not null and outcome in ('inserted', 'revised')
    group by publication_name
),

highest as (
    select max(publication_key) as publication_key from news.dim_publication
)

select
    highest.publication_key + row_number() over (order by new_publications.publication_name) as publication_key,
    new_publications.publication_name,
    new_publications.country_code,
    new_publications.language_code,
    new_publications.domain,
    null as time_zone,
    new_publications.country_code as stated_country_code
from new_publications
cross join highest
anti join news.dim_publication as known on known.publication_name = new_publications.publication_name;

update news.dim_publication
set
    stated_country_code = coalesce(stated.country_code, dim_publication.stated_country_code),
    language_code = coalesce(stated.language_code, dim_publication.language_code),
    domain = coalesce(stated.domain, dim_publication.domain)
from (
    select
        publication_name,
        arg_max(publication_country_code, ordinal) as country_code,
        arg_max(publication_language_code, ordinal) as language_code,
        arg_max(publication_domain, ordinal) as domain
    from incoming
    where publication_name is not null and outcome in ('inserted', 'revised')
    group by publication_name
) as stated
where
    dim_publication.publication_name = stated.publication_name
    and (
        stated.country_code <> coalesce(dim_publication.stated_country_code, '')
        or stated.language_code <> coalesce(dim_publication.language_code, '')
        or stated.domain <> coalesce(dim_publication.domain, '')
    );
