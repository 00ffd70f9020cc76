create table if not exists news.dim_section (
    section_key integer not null,
    section_name varchar not null
);

comment on table news.dim_section is 'One row per section name. Key: section_key. Key: section_name.';
comment on column news.dim_section.section_key is 'Surrogate key; 0 stands for an unknown section';
comment on column news.dim_section.section_name is 'Name as printed, with whitespace tidied';

insert into news.dim_section (section_key, section_name)
select 0, 'unknown'
where not exists (select 1 from news.dim_section where section_key = 0);

insert into news.dim_section
with
new_sections as (
    select distinct section_name
    from incoming
    where section_name is not null and outcome in ('inserted', 'revised')
),

highest as (
    select max(section_key) as section_key from news.dim_section
)

select
    highest.section_key + row_number() over (order by new_sections.section_name) as section_key,
    new_sections.section_name
from new_sections
cross join highest
anti join news.dim_section as known on known.section_name = new_sections.section_name;
