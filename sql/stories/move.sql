-- Moves texts to their leaders in `found`, and records the leaders whose stories that touches.
insert into touched_leader
select story_text.leader_key
from ops.story_text
inner join found on found.text_key = story_text.text_key
where found.leader_key <> story_text.leader_key

union

select found.leader_key
from ops.story_text
inner join found on found.text_key = story_text.text_key
where found.leader_key <> story_text.leader_key;

update ops.story_text
set leader_key = found.leader_key
from found
where found.text_key = story_text.text_key and found.leader_key <> story_text.leader_key;
