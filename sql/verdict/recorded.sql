-- How many of the planned dumps are in the ledger.
select count(*)
from read_parquet($plan) as plan
inner join ops.dump
    on dump.source = plan.source
    and dump.path = plan.path
    and dump.sha256 = plan.sha256
    and dump.manifest_sha256 = plan.manifest_sha256;
