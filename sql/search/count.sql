-- In how many articles $question holds.
select count(*) as articles
from mart.find_articles(
    $question,
    publication := $publication,
    section := $section,
    language := $language,
    topic := $topic,
    story := $story,
    published_from := $published_from,
    published_to := $published_to
);
