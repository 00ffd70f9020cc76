-- In how many articles $question holds.
select count(*) as articles
from mart.search_ranked(
    $question, $publication, $section, $language, $topic, $story, $published_from, $published_to, null
);
