create table if not exists news.dim_language (
    language_key integer not null,
    language_code varchar not null,
    language_name varchar not null
);

comment on table news.dim_language is 'One row per language. Key: language_key. Key: language_code.';
comment on column news.dim_language.language_key is 'Surrogate key; 0 stands for an undetermined language';
comment on column news.dim_language.language_code is 'ISO 639-1 code; und if undetermined';
comment on column news.dim_language.language_name is 'English name of the language';

insert into news.dim_language (language_key, language_code, language_name)
select 0, 'und', 'undetermined'
where not exists (select 1 from news.dim_language where language_key = 0);

insert into news.dim_language
with
new_languages as (
    select
        language_code,
        min(language_name) as language_name
    from incoming
    where outcome in ('inserted', 'revised')
    group by language_code
),

highest as (
    select max(language_key) as language_key from news.dim_language
)

select
    highest.language_key + row_number() over (order by new_languages.language_code) as language_key,
    new_languages.language_code,
    new_languages.language_name
from new_languages
cross join highest
anti join news.dim_language as known on known.language_code = new_languages.language_code;
