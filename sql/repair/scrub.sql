-- Removes the words of a text that is taken down wherever a suite or a reason quoted them, and the references to
-- records that quarantine no longer holds.
update ops.quality_result
set observed_value = null
where exists (select 1 from needle where contains(lower(quality_result.observed_value), needle.text));

update ops.rejected_article
set
    reason = 'taken down',
    quarantine_file = null
where
    exists (select 1 from needle where contains(lower(rejected_article.reason), needle.text))
    or exists (
        select 1 from removed_record
        where
            removed_record.quarantine_file = rejected_article.quarantine_file
            and removed_record.ordinal = rejected_article.ordinal
    );
