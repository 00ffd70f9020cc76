{% if var('tuned') %}
select id as article_id, unnest(cast(tags as varchar[])) as topic_name
from {{ source('raw', 'article') }}
{% else %}
select id as article_id, value as topic_name
from {{ source('raw', 'article') }} as article
join {{ source('raw', 'article__tags') }} as tag on tag._dlt_parent_id = article._dlt_id
{% endif %}
