-- Takes everything out of the index: all revisions wait to be indexed then.
delete from ops.search_posting;

delete from ops.search_segment;

delete from ops.search_gap;
