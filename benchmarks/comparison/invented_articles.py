"""A large dump of invented articles: JSON Lines, the same for the same seed.

About 400 words each in six languages (real function words among invented ones, drawn by Zipf's law, as languages are
told by them); 200 publications, 5,000 authors, 3 % near-copies under another id, date texts of five shapes, Unicode as
dirty as in real dumps, and 1 % of lines that are damaged. A dump of fewer articles is the beginning of a larger one.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

FUNCTION_WORDS = {
    "en": "the of and to in a that is was for on it with as he be at by his this had not are but from or have an they "
    "which one you were all her she there would their we him been has when who will no more if out so said what up",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er "
    "hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son aux "
    "être ont cette mais comme ses été fait leur deux aussi entre ans sans même où depuis selon elle nous vous",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin "
    "sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está porque qué",
    "it": "di che è la il un a per in una si ho non ma lo ha le con cosa se come da ci no questo qui del della nel "
    "alla sono stato anni secondo più anche dopo gli dei delle loro essere aveva tra prima ancora",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu "
    "sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo",
}
SHARES = {"en": 0.5, "de": 0.15, "fr": 0.1, "es": 0.1, "it": 0.075, "pt": 0.075}
SYLLABLES = {
    "en": "ba ther con ing lo ness ter wick ford ley ran ser mo ten ping dale shaw ric um ble",
    "de": "ber gen schu lich keit ung der wal stein burg hau rei mün stra fel zen wie kor lau tig",
    "fr": "eau mont bel lier tion mer vil ger cour lan dé rou ché fon tè nou ard pres lis eux",
    "es": "ción mar tor ran dez lo ver gua rri nos cam pe ña tas mor illo bal dor cue sal",
    "it": "zio ne ra li gna to cchi bel ven ti mon cer ghe sca ro dan fio lun per ol",
    "pt": "ção mar lhe nho ra ves tão por mei rim cal vei dra gue sou tor len bar fi nas",
}
SECTIONS = ["World", "Politics", "Business", "Technology", "Sport", "Culture", "Opinion", "Science", "Health", "Travel"]
WORDS_IN_A_LANGUAGE = 60_000
ZIPF = 1.07
WORDS, SPREAD, FEWEST_WORDS, MOST_WORDS = 400, 60, 120, 900
AUTHORS, PUBLICATIONS, TOPICS = 5_000, 200, 800
NEAR_COPIES, DAMAGED = 0.03, 0.01
REMEMBERED = 5_000
"""A near-copy is one of so many earlier articles."""
FIRST_DAY, DAYS = datetime(2012, 1, 1), 13 * 365


def write_dump(path: Path, count: int, seed: int = 1) -> None:
    """Write `count` articles, a line each, as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(Newsroom(seed).lines(count))
    unfinished.replace(path)


@cache
def _vocabulary() -> dict[str, np.ndarray]:
    """The words of each language: every seed has the same, and so the same authors and publications."""
    invent = random.Random(0)
    return {language: np.array(_words(language, invent), dtype=object) for language in SHARES}


class Newsroom:
    """Writes articles. What it draws depends on the seed and on what it drew before."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.draw = random.Random(seed)
        self.numbers = np.random.default_rng(seed)
        self.vocabulary = _vocabulary()
        names = [word.capitalize() for word in self.vocabulary["en"][-AUTHORS:].tolist()]
        self.authors = [f"{name} {names[-number]}" for number, name in enumerate(names)]
        self.publications = [f"The {name} {number}" for number, name in enumerate(names[:PUBLICATIONS])]
        sizes = (WORDS_IN_A_LANGUAGE, AUTHORS, PUBLICATIONS)
        self.often = {size: np.cumsum(1 / np.arange(1, size + 1) ** ZIPF) for size in sizes}
        self.remembered: list[dict[str, str]] = []

    def lines(self, count: int) -> Iterator[str]:
        """The dump, line by line."""
        for number in range(count):
            article = self._article(number)
            line = json.dumps(article, ensure_ascii=False)
            yield (self._damaged(article, line) if self.draw.random() < DAMAGED else line) + "\n"

    def _article(self, number: int) -> dict[str, object]:
        text = self._near_copy() if self.remembered and self.draw.random() < NEAR_COPIES else self._text()
        if len(self.remembered) < REMEMBERED:
            self.remembered.append(text)
        else:
            self.remembered[self.draw.randrange(REMEMBERED)] = text
        (publication,) = self._zipf(PUBLICATIONS, 1)
        slug = "-".join(text["title"].lower().split()[:5])
        return {
            "id": f"{self.seed}-{number:08}",
            "url": f"https://www.paper{publication}.example/{self.seed}/{number}/{slug}.html?utm_source=rss",
            "title": text["title"],
            "byline": self._byline(),
            "publication": self.publications[publication],
            "section": self.draw.choice(SECTIONS),
            "published_at": self._date(),
            "tags": [f"topic {self.draw.randrange(TOPICS)}" for _ in range(self.draw.randrange(7))],
            "body": text["body"],
        }

    def _text(self) -> dict[str, str]:
        (language,) = self.draw.choices(list(SHARES), list(SHARES.values()))
        length = int(min(MOST_WORDS, max(FEWEST_WORDS, self.draw.gauss(WORDS, SPREAD))))
        words = self.vocabulary[language][self._zipf(WORDS_IN_A_LANGUAGE, length + 10)].tolist()
        return {"title": " ".join(words[:10]).capitalize(), "body": self._dirty(self._paragraphs(words[10:]))}

    def _paragraphs(self, words: list[str]) -> str:
        sentences = []
        begin = 0
        while begin < len(words):
            sentence = words[begin : begin + self.draw.randint(8, 28)]
            begin += len(sentence)
            place = self.draw.randrange(len(sentence))
            sentence[place] = self.draw.choice(("“{}”", "{},", "{}’s", "{} 1,250")).format(sentence[place])
            sentence[0] = sentence[0].capitalize()
            sentences.append(" ".join(sentence) + self.draw.choice(".....?!"))
        return "\n\n".join(" ".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4))

    def _near_copy(self) -> dict[str, str]:
        earlier = self.draw.choice(self.remembered)
        words = earlier["body"].split(" ")
        for _ in range(int(len(words) * self.draw.uniform(0, 0.04))):
            words[self.draw.randrange(len(words))] = "altered"
        return {**earlier, "body": " ".join(words)}

    def _dirty(self, text: str) -> str:
        chance = self.draw.random()
        if chance < 0.10:
            return unicodedata.normalize("NFD", text)
        if chance < 0.22:
            return text.replace(" ", "\u00a0", 5).replace(". ", ".  ", 8)
        if chance < 0.26:
            return text.replace(". ", ".\u200b ", 3)
        if chance < 0.30:
            return text.replace("“", "&ldquo;").replace("”", "&rdquo;")
        if chance < 0.33:
            return text.encode().decode("cp1252", errors="ignore")  # read as another encoding
        if chance < 0.38:
            return text.replace("\n\n", "\r\n\r\n ")
        return text

    def _byline(self) -> str:
        people = [self.authors[place] for place in self._zipf(AUTHORS, self.draw.choice((1, 1, 1, 1, 2, 3)))]
        names = " and ".join([", ".join(people[:-1]), people[-1]] if people[1:] else people)
        return self.draw.choice(("By {}", "By {}", "{}", "{}", "{}", "{}, Staff Writer")).format(names)

    def _date(self) -> str:
        day = FIRST_DAY + timedelta(seconds=self.draw.randrange(DAYS * 86_400))
        chance = self.draw.random()
        if chance < 0.80:
            return day.strftime("%Y-%m-%dT%H:%M:%SZ")
        if chance < 0.88:
            return day.strftime("%Y-%m-%dT%H:%M:%S+01:00")
        if chance < 0.94:
            return day.strftime("%a, %d %b %Y %H:%M:%S GMT")
        if chance < 0.99:
            return day.strftime("%B %d, %Y")
        return self.draw.choice(("", "unknown", "2021-13-45"))

    def _damaged(self, article: dict[str, object], line: str) -> str:
        chance = self.draw.random()
        if chance < 0.4:
            return line[: self.draw.randrange(20, len(line) - 5)]
        if chance < 0.6:
            return json.dumps({**article, "body": None}, ensure_ascii=False)
        if chance < 0.8:
            return json.dumps({**article, "title": None, "published_at": "not a date"}, ensure_ascii=False)
        if chance < 0.9:
            return "<html>502 Bad Gateway</html>"
        return json.dumps({**article, "id": None}, ensure_ascii=False)

    def _zipf(self, size: int, count: int) -> list[int]:
        often = self.often[size]
        return np.searchsorted(often, self.numbers.random(count) * often[-1]).tolist()


def _words(language: str, invent: random.Random) -> list[str]:
    """The language's function words, and then invented ones: as in a language, the frequent ones are short."""
    common = FUNCTION_WORDS[language].split()
    syllables = SYLLABLES[language].split()
    invented: dict[str, None] = {}
    while len(invented) < WORDS_IN_A_LANGUAGE - len(common):
        invented["".join(invent.choices(syllables, k=invent.randint(1, 4)))] = None
    return [*common, *sorted(invented, key=len)]
