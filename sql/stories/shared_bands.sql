-- The bands of the texts in `asked`, each with every text that has it.
with
bands as (
    select distinct story_band.band
    from ops.story_band
    semi join asked on asked.text_key = story_band.text_key
)

select
    story_band.band,
    story_band.text_key,
    story_text.shingle_count
from ops.story_band
semi join bands on bands.band = story_band.band
inner join ops.story_text on story_text.text_key = story_band.text_key;
