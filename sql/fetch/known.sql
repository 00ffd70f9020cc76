-- What was fetched of some feeds, under any of their names.
select
    address,
    landing_path,
    size_bytes,
    modified_at,
    etag
from ops.fetch
where list_contains($feeds, feed);
