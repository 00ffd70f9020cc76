"""What the scan for marks of articles in JSON makes of the names of fields: by its own lists, not those of a reader."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

_HEADLINES = (
    rb"titles?|headlines?|webtitle|post_title|article_title|news_title|story_title|titel|titre|titulo|titolo|overskrift"
    rb"|rubrik|heading|kop"
)
_TEXTS = (
    rb"text|body|content|maintext|main_text|article|fulltext|full_text|articlebody|article_body|article_text|bodytext"
    rb"|body_text|body_html|article_html|content_html|content_text|plain_text|plaintext|raw_text|cleaned_text|textbody"
    rb"|post_content|article_content|volltext|texte|testo|texto|tekst|contenido|contenu|inhalt|lead_paragraph"
    rb"|content_elements|contents|texts|bodies|sentences|elements|components"
)
_IS_PART = re.compile(
    rb'"(?:comments?|replies|related\w*|recommended|see_?also|read_?more|links|images?|media|multimedia|galler(?:y|ies)'
    rb"|pictures?|photos?|videos?|audio|attachments|enclosures|associations|renditions|tags|keywords|entities|concepts"
    rb"|people|persons|organizations|places|locations|authors?|contributors|bylines?|creators|sections|blocks|paragraphs"
    rb"|chapters|facets|aggregations|suggestions|highlighting|ads|embeds|widgets|quotes|footnotes|sources|breadcrumbs"
    rb"|translations|revisions|versions)",
    re.IGNORECASE,
)
_IS_GROUP = re.compile(rb'"(?:sections|categories)', re.IGNORECASE)
_IS_LIST = re.compile(
    rb'"(?:articles?|items?|entr(?:y|ies)|results?|doc(?:ument)?s?|stories|news|newsitems|posts|records|rows|hits|data'
    rb"|edges|nodes|values?|pages|list|feed|_items|_embedded)",
    re.IGNORECASE,
)
_IS_OF_ARTICLES = re.compile(rb'"(?:articles|items|entries|posts|stories|newsitems)', re.IGNORECASE)
_IS_ORIGIN = re.compile(rb'"(?:feed|channel|source|publi(?:cation|sher))', re.IGNORECASE)
_IS_KIND = re.compile(rb'"(?:\w+[./])*post[\s_-]?type', re.IGNORECASE)
_IS_ACTION = re.compile(rb'"(?:index|create|update|delete)')
_IS_TARGET = re.compile(
    rb'"(?:_?(?:id|index|type|version|version_type|routing|parent|retry_on_conflict)|if_(?:seq_no|primary_term)|pipeline'
    rb"|op_type|require_\w+|dynamic_templates|list_executed_pipelines)"
)
"""Of the lines between the documents of a bulk request of Elasticsearch."""
_USUAL_KINDS = (_IS_PART, _IS_GROUP, _IS_LIST, _IS_OF_ARTICLES, _IS_ORIGIN, _IS_KIND, _IS_ACTION, _IS_TARGET)
_MOST_SEEN = 4_096

Asked = str | tuple[str, ...]
"""What a stanza names for a field."""
_DIGIT = re.compile(rb"\d")


class Name(NamedTuple):
    """What the name of a field says of its value."""

    is_headline: bool
    is_text: bool
    is_part: bool
    is_group: bool
    is_list: bool
    is_of_articles: bool
    is_origin: bool
    is_kind: bool
    is_action: bool
    is_target: bool
    has_digit: bool


class Names:
    """What names say, with those that a stanza gives to the headline and the body: of a path, the last step."""

    def __init__(self, headline: Asked = (), text: Asked = ()) -> None:
        headlines, texts = _either(_HEADLINES, headline), _either(_TEXTS, text)
        self._headline, self._text = (re.compile(each, re.IGNORECASE) for each in (headlines, texts))
        self._in_small = [re.compile(each.lower() + rb'"\s*+:') for each in (headlines, texts)]
        self._seen: dict[bytes, Name] = {}

    def meaning(self, name: bytes) -> Name:
        """What a name says, which begins with its quotation mark and has none at its end."""
        found = self._seen.get(name)
        if found is None:
            kinds = (self._headline, self._text, *_USUAL_KINDS)
            found = Name._make([bool(kind.fullmatch(name)) for kind in kinds] + [bool(_DIGIT.search(name))])
            if len(self._seen) < _MOST_SEEN:
                self._seen[name] = found
        return found

    def are_both_in(self, data: bytes) -> bool:
        """Whether some JSON has the names of a headline and of a text."""
        small = data.lower()
        return all(each.search(small) for each in self._in_small)


def _ends(steps: list[str]) -> list[str]:
    """Of a path, the last step, and what is the name of a list of which it asks for one value."""
    lists = [name for name, place in pairwise(steps) if place.isdecimal() and not name.isdecimal()]
    return [*lists, *([] if steps[-1].isdecimal() else steps[-1:])]


def _either(usual: bytes, own: Asked) -> bytes:
    paths = [path for each in ((own,) if isinstance(own, str) else own) for path in each.split(" + ")]
    names = [name for path in paths for name in _ends(path.split("."))]
    either = b"|".join([usual, *(re.escape(name.encode()) for name in names)])
    return rb'"[_-]?(?:%b)(?::encoded)?' % either
