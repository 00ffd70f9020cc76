-- Removes the words of a text that is taken down (`needle`: passages and addresses) wherever a suite or a reason
-- quoted them, and the references to records that quarantine no longer holds. Of whom a word is that a suite quoted,
-- like a name or a status, is not known: all of them go, and their numbers stay.
update ops.quality_result
set observed_value = null
where
    regexp_matches(observed_value, '^\[.*[''"]')
    or exists (select 1 from needle where contains(lower(quality_result.observed_value), needle.text));

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

-- Reasons quote lines only in part, and also of dumps from which quarantine has nothing (`unquoted`: without these).
update ops.rejected_article
set reason = (select unquoted.told from unquoted where unquoted.reason = rejected_article.reason)
where reason in (select unquoted.reason from unquoted);

update ops.dump_load
set reason = (select unquoted.told from unquoted where unquoted.reason = dump_load.reason)
where reason in (select unquoted.reason from unquoted);
