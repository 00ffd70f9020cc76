-- What kind of topic a label is, and which labels are one topic: of these rows too, once the tables are there.
alter table news.dim_topic add column kind varchar default 'subject';

alter table news.dim_topic alter column kind set not null;

alter table news.dim_topic alter column kind drop default;

alter table news.dim_topic add column same_as_key integer default 0;

alter table news.dim_topic alter column same_as_key set not null;

alter table news.dim_topic alter column same_as_key drop default;

-- Marts count a topic once, however many labels name it: they are counted again.
drop table if exists mart.topic_count;
