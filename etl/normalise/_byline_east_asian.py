"""Bylines in Chinese, Japanese and Korean, whose names and jobs stand without spaces, or with them inside a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from etl.normalise._names import agency_of
from etl.normalise._places import is_place

HAS_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

_HAN = "\u3400-\u9fff々〆"
_KATAKANA = "ァ-ヺー"
_HANGUL = "\uac00-\ud7a3"
_HAN_NAMES = re.compile(rf"[{_HAN}]+(?:\s[{_HAN}]+)*")
_HAN_JOBS = (
    "本[报報][^\\s]{0,5}?(?:记者|記者)|(?:特约|特約|实习|實習|摄影|前)?(?:记者|記者)|通讯员|通訊員|(?:前|本报|本報)?特派[员員]"
    "|(?:责任|責任)?[编編][辑輯]|編集委員|論説委員|评论员|評論員|支局長|实习生|實習生|撰文|作者|摄影|攝影|撮影"
)
_HAN_JOB = re.compile(f"({_HAN_JOBS})")
_HAN_HOUSE = re.compile(
    r".*(?:[社局紙報报課课网網]|[報治済会道集輯辑化学芸]部|大学|大學|新聞|新闻|通信|事務所|研究所|委員会|[一二三四五六七八九十]日)"
)
_HAN_CREDITS = "文图圖図写"
_FROM_PLACE = re.compile(rf"[{_HAN}]*[{_KATAKANA}]+(?:(?:で|・)(?=[{_HAN}])|(?=(?:共同|時事)$))")
_FROM_AGENCY = re.compile(rf"[\[［][{_HANGUL}\s]+=([^\]］=]*)[\]］]")
_FROM_CITY = re.compile(
    rf"(?<![{_HAN}{_KATAKANA}])([{_HAN}{_KATAKANA}]{{2,10}})[=＝](?=[{_HAN}]{{2,5}}(?:\s?[{_HAN}]{{1,4}})?(?:[、,・\s]|$))"
)
_KATAKANA_WORD = re.compile(rf"[{_KATAKANA}]+[一二三四五六七八九十]{{0,3}}日?")

# The commonest Chinese and Korean surnames, of one character: a word that begins with one is a full name. (In China
# 100 cover 85 % of the people, in Korea 60 cover 99 %.)
_HAN_SURNAMES = (
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇"
    "卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段钱錢"
    "汤湯尹黎易常武乔喬贺賀赖賴龚龔文施洪"
)
_HANGUL_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구나민진지엄채원천방공현"
    "함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용"
)
_DOUBLE_SURNAMES = ("欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官")
_HANGUL_NAME = re.compile(rf"[{_HANGUL_SURNAMES}][{_HANGUL}]{{1,3}}")
_HANGUL_HOUSE = re.compile(rf"[{_HANGUL}]*(?:팀|부|국|뉴스|신문|일보|방송)")
_HANGUL_PIECE = re.compile(rf"[{_HANGUL}\s·ㆍ=]+")
_HANGUL_CREDITS = ("글",)
_HANGUL_JOB = re.compile(
    rf"(?:(?:인턴|선임|전문|객원|수석|사진)\s?)?(?:기자|특파원)|[{_HANGUL}]*(?:위원|팀장|부장|국장|칼럼니스트|작가|교수|앵커|글|사진)"
)


def without_east_asian_place(text: str) -> str:
    """Remove the place before "=" at the beginning: "東京=山田太郎", "[서울=뉴시스] 김철수 기자"."""
    text = _FROM_AGENCY.sub(lambda found: f"{agency_of(found[1].strip()) or ''} ; ", text.strip())
    return _FROM_CITY.sub(lambda found: found[0] if agency_of(found[1]) else "", text)


def east_asian_parts(piece: str) -> Iterator[str]:
    """Yields the parts of a piece with Han, kana or Hangul: each name by itself, with its job behind a space."""
    if _HANGUL_PIECE.fullmatch(piece):
        yield from _korean(piece)
        return
    for chunk in re.split(rf"(?<=[{_HAN}])[·・](?=[{_HAN}])", _FROM_PLACE.sub("", piece)):
        words = _HAN_JOB.sub(r" \1 ", chunk).split()
        for is_job, group in groupby(words, lambda word: word in _HAN_CREDITS or is_east_asian_job(word)):
            others = list(group)
            if is_job or _HAN_NAMES.fullmatch(" ".join(others)):
                yield from others if is_job else _han_names(others)
            else:
                yield " ".join(others)


def is_east_asian_house(name: str) -> bool:
    """Whether a word in Han, kana or Hangul is not a person: a paper, a department, a place with a date."""
    return any(house.fullmatch(name) for house in (_HAN_HOUSE, _KATAKANA_WORD, _HANGUL_HOUSE))


def is_east_asian_job(word: str) -> bool:
    """Whether a word in Han or Hangul is a job."""
    return _HAN_JOB.fullmatch(word) is not None or _HANGUL_JOB.fullmatch(word) is not None


def _han_names(words: list[str]) -> Iterator[str]:
    """Yields names; a surname and a first name with a space between are one name."""
    full = [_is_full_han_name(word) for word in words]
    are_full = all(full) or (any(full) and all(len(word) == 3 for word in words))  # rare surnames are not listed
    if len(words) % 2 or are_full or max(map(len, words), default=0) > 3:
        yield from words
    else:
        yield from (f"{last} {first}" for last, first in zip(words[::2], words[1::2], strict=True))


def _is_full_han_name(word: str) -> bool:
    return (word[0] in _HAN_SURNAMES and 1 < len(word) < 4) or word.startswith(_DOUBLE_SURNAMES)


def _korean(piece: str) -> Iterator[str]:
    """Yields full names and jobs; other words beside them are a place or a paper."""
    words = re.split(r"[\s·ㆍ=]+", piece.strip())
    if len(words) > 1 and words[0] in _HANGUL_SURNAMES and len(words[1]) < 3:  # "김 지영", "김 민 수"
        end = 3 if len(words) > 2 and len(words[1]) == len(words[2]) == 1 and words[2] not in _HANGUL_CREDITS else 2
        words = [" ".join(words[:end]), *words[end:]]
        yield words[0]
        yield from filter(_HANGUL_JOB.fullmatch, words[1:])
    elif any(map(_is_korean_name, words)):
        yield from (word for word in words if _is_korean_name(word) or _HANGUL_JOB.fullmatch(word))
    else:
        yield piece


def _is_korean_name(word: str) -> bool:
    is_other = _HANGUL_JOB.fullmatch(word) or _HANGUL_HOUSE.fullmatch(word) or is_place(word)
    return _HANGUL_NAME.fullmatch(word) is not None and not is_other
