-- Records what a run has fetched (fetched_file); once, however often it is tried.
insert into ops.fetch by name
select
    fetched_file.feed,
    fetched_file.address,
    fetched_file.landing_path,
    fetched_file.size_bytes,
    fetched_file.modified_at,
    fetched_file.etag,
    $started_at as fetched_at,
    $run_id as run_id
from fetched_file
anti join ops.fetch as known
    on known.feed = fetched_file.feed and known.address = fetched_file.address and known.run_id = $run_id;
