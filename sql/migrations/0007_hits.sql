-- The search index has one list of hits for each word; it is built again from the texts.
drop table if exists ops.search_posting;

drop table if exists ops.search_segment;

-- What dumps state of a publication's country is kept apart from what publications.toml declares.
alter table news.dim_publication add column stated_country_code varchar;

update news.dim_publication set stated_country_code = country_code;

-- More vocabularies have a kind: topics are counted again.
drop table if exists mart.topic_count;
