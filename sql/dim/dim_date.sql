create table if not exists news.dim_date (
    date_key integer not null,
    date date,
    year integer,
    quarter integer,
    month integer,
    month_name varchar,
    iso_year integer,
    iso_week integer,
    day_of_week integer,
    day_name varchar,
    is_weekend boolean
);

comment on table news.dim_date is 'One row per calendar day, added in whole years. Key: date_key.';
comment on column news.dim_date.date_key is 'The day as yyyymmdd; 0 stands for an unknown date';
comment on column news.dim_date.date is 'The day; empty for the unknown date';
comment on column news.dim_date.year is 'Calendar year';
comment on column news.dim_date.quarter is 'Quarter of the year, 1 to 4';
comment on column news.dim_date.month is 'Month of the year, 1 to 12';
comment on column news.dim_date.month_name is 'English name of the month';
comment on column news.dim_date.iso_year is 'Year of the ISO 8601 week';
comment on column news.dim_date.iso_week is 'ISO 8601 week of the year, 1 to 53';
comment on column news.dim_date.day_of_week is 'ISO 8601 day of the week: 1 is Monday, 7 is Sunday';
comment on column news.dim_date.day_name is 'English name of the day';
comment on column news.dim_date.is_weekend is 'Whether the day is a Saturday or Sunday';

insert into news.dim_date (date_key)
select 0
where not exists (select 1 from news.dim_date where date_key = 0);

insert into news.dim_date
with
new_years as (
    select distinct year(published_date) as year
    from incoming
    where published_date is not null

    except

    select year from news.dim_date
),

days as (
    select unnest(generate_series(make_date(year, 1, 1), make_date(year, 12, 31), interval 1 day))::date as date
    from new_years
)

select
    strftime(date, '%Y%m%d')::integer as date_key,
    date,
    year(date) as year,
    quarter(date) as quarter,
    month(date) as month,
    monthname(date) as month_name,
    isoyear(date) as iso_year,
    weekofyear(date) as iso_week,
    isodow(date) as day_of_week,
    dayname(date) as day_name,
    isodow(date) >= 6 as is_weekend
from days
order by date;
