-- How much each text in `shared` has in common with the first of its story, into `story_member`.
update story_member
set shared_share = shared.shared_share
from shared
where shared.text_key = story_member.text_key and shared.first_text_key = story_member.first_text_key;
