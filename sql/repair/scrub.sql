-- Removes the words of a text that is taken down (`needle`: passages and addresses) wherever a suite or a reason
-- quoted them, and the references to records that quarantine no longer holds. Of whom a word is that a suite quoted, like a name or a status, is not known:
-- all of them go, and their numbers stay.
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

-- Reasons quote lines only in part (`needle_part`), and also of dumps from which quarantine has nothing.
create or replace temp table telling as
with
reasons as (
    select reason
    from ops.rejected_article

    union

    select reason
    from ops.dump_load
    where reason is not null
),

places as (
    select
        reason,
        unnest(range(1, length(reason) - $part_characters + 2)) as place
    from reasons
)

select distinct places.reason
from places
inner join needle_part on needle_part.part = lower(substr(places.reason, places.place, $part_characters));

update ops.rejected_article
set reason = $no_longer_quoted
where reason in (select reason from telling);

update ops.dump_load
set reason = $no_longer_quoted
where reason in (select reason from telling);
