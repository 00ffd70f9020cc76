-- The bands of the texts in `asked`, each with every text that has it.
select
    story_band.band,
    story_band.text_key
from ops.story_band
where
    story_band.band in (
        select asked_band.band
        from ops.story_band as asked_band
        semi join asked on asked.text_key = asked_band.text_key
    );
