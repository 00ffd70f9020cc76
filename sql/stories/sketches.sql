-- The stored sketches of the texts in `asked`, by text_key.
select
    story_text.text_key,
    story_text.shingle_count,
    story_text.sketch
from ops.story_text
semi join asked on asked.text_key = story_text.text_key
order by story_text.text_key;
