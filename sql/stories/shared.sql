-- Writes to `story_member` how much each text in `shared` has in common with the first text of its story.
update story_member
set shared_share = shared.shared_share
from shared
where shared.text_key = story_member.text_key and shared.first_text_key = story_member.first_text_key;
