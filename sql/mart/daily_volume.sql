-- after: mart.daily_count
create or replace view mart.daily_volume as
select
    daily_count.publication_key,
    dim_publication.publication_name as publication,
    daily_count.published_date_key,
    dim_date.date as published_date,
    daily_count.articles,
    daily_count.partial_articles,
    daily_count.copies,
    daily_count.words
from mart.daily_count
inner join news.dim_publication on dim_publication.publication_key = daily_count.publication_key
inner join news.dim_date on dim_date.date_key = daily_count.published_date_key;

comment on view mart.daily_volume is 'One row per publication and day on which it published. Canceled articles do not count. Key: publication_key, published_date_key.';
comment on column mart.daily_volume.publication_key is 'Publication; 0 is unknown';
comment on column mart.daily_volume.publication is 'Name of the publication';
comment on column mart.daily_volume.published_date_key is 'Date as printed (local to the source), as yyyymmdd; 0 is unknown';
comment on column mart.daily_volume.published_date is 'Date as printed (local to the source); empty if unknown';
comment on column mart.daily_volume.articles is 'Articles, including excerpts and copies';
comment on column mart.daily_volume.partial_articles is 'Of these, excerpts or summaries only';
comment on column mart.daily_volume.copies is 'Of these, articles whose story an earlier article had already carried, in any publication; see place in mart.story_article. What recurs as a series is no copy';
comment on column mart.daily_volume.words is 'Words in the bodies of these articles';
