-- Where is the ferry mentioned, and in which words?
with
asked as (
    select
        words[1] as first_word,
        len(words) as length,
        concat(' ', array_to_string(words, ' '), ' ') as phrase
    from (values (mart.words_of(/* words */ 'ferry'))) as asked (words)
),

-- What stands between spaces; in scripts that do not separate words, every character.
texts as (
    select
        found.published_date,
        found.publication,
        found.article_id,
        regexp_split_to_array(
            regexp_replace(
                concat_ws(' | ', article_text.headline, article_text.deck, article_text.body),
                '([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}])',
                ' \1 ',
                'g'
            ),
            '\s+'
        ) as pieces
    from mart.find_articles(/* words */ 'ferry') as found
    inner join news.article_text on article_text.article_key = found.article_key
    where found.published_date between /* from_date */ date '2026-03-16' and /* to_date */ date '2026-03-22'
),

-- Words are looked for where the letters of the first are, because splitting a text into words takes longer.
places as (
    select
        texts.published_date,
        texts.publication,
        texts.article_id,
        texts.pieces,
        asked.length,
        unnest(
            list_filter(
                range(1, len(texts.pieces) + 1),
                lambda place: case
                    when contains(replace(lower(texts.pieces[place]), '’', ''''), asked.first_word)
                    then contains(
                        concat(
                            ' ',
                            array_to_string(
                                mart.words_of(array_to_string(texts.pieces[place:place + asked.length - 1], ' ')), ' '
                            ),
                            ' '
                        ),
                        asked.phrase
                    )
                end
            )
        ) as place
    from texts
    cross join asked
)

select
    published_date,
    publication,
    array_to_string(pieces[greatest(place - 8, 1):place - 1], ' ') as before,
    array_to_string(pieces[place:place + length - 1], ' ') as found,
    array_to_string(pieces[place + length:place + length + 7], ' ') as after,
    article_id
from places
order by published_date, publication, article_id, place;
