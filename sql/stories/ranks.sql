-- Which of the texts in `asked` may lead which: their lengths, and those of their leaders.
select
    story_text.text_key,
    story_text.body_hash,
    story_text.shingle_count,
    story_text.leader_key,
    leader.body_hash as leader_hash,
    leader.shingle_count as leader_count
from ops.story_text
semi join asked on asked.text_key = story_text.text_key
inner join ops.story_text as leader on leader.text_key = story_text.leader_key;
