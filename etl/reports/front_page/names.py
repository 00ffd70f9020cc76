"""The files of the front page, in the published folder."""

PAGE = "index.html"
DICTIONARY = "dictionary.html"
