-- The search index stores other terms and says which are in the headline; it is built again from the texts.
drop table if exists ops.search_posting;

drop table if exists ops.search_segment;
