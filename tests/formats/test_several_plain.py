"""Two articles of which nothing marks the headlines, in any mark-up and language, are refused."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from test_several import marks, page, pieces

from etl.model import Doubt, DumpError


class Paper(NamedTuple):
    """What the layouts are filled with: a paper, and two articles of it."""

    source: str
    dates: tuple[str, str]
    heads: tuple[str, str]
    sentences: tuple[str, str, str]


PAPERS = {
    "en": Paper(
        "Lark Bay News, {date}, page {n}",
        ("5 January 2018", "6 January 2018"),
        ("Old pier to be rebuilt", "Bread that lasts nine days"),
        (
            "The harbour council met on Monday evening and agreed to rebuild the old pier before the storms arrive.",
            "Fishermen from the northern quay said that the plan leaves them without a landing place until May.",
            "The mayor promised an answer within two weeks, and money from the reserve for bad winters.",
        ),
    ),
    "de": Paper(
        "Lerchenpost, {date}, S. {n}",
        ("5. Januar 2018", "6. Januar 2018"),
        ("Alte Mole wird neu gebaut", "Brot, das neun Tage hält"),
        (
            "Der Hafenrat trat am Montagabend zusammen und beschloss, die alte Mole vor den Stürmen neu zu bauen.",
            "Fischer vom Nordkai sagten, dass der Plan ihnen bis Mai keinen Landeplatz lasse, und baten um Hilfe.",
            "Der Bürgermeister versprach eine Antwort in zwei Wochen und Geld aus der Rücklage für schlechte Winter.",
        ),
    ),
    "fr": Paper(
        "Le Courrier du Port, {date}, p. {n}",
        ("5 janvier 2018", "6 janvier 2018"),
        ("La vieille jetée sera reconstruite", "Un pain qui dure neuf jours"),
        (
            "Le conseil du port s'est réuni lundi soir et a décidé de reconstruire la jetée avant les tempêtes.",
            "Les pêcheurs du quai nord ont dit que ce projet les laisse sans abri jusqu'au mois de mai prochain.",
            "Le maire a promis une réponse dans deux semaines, et de l'argent de la réserve pour les hivers rudes.",
        ),
    ),
    "ru": Paper(
        "Вечерняя лампа; {date}; {n}",
        ("05.02.1994", "06.02.1994"),
        ("Старый причал построят заново", "Хлеб, который хранится девять дней"),
        (
            "Портовый совет собрался в понедельник вечером и решил перестроить старый причал до зимних штормов.",
            "Рыбаки с северной набережной говорят, что этот план лишает их места для швартовки до самого мая.",
            "Мэр обещал ответить в течение двух недель и выделить деньги из резерва на случай плохих зим.",
        ),
    ),
    "ja": Paper(
        "港湾新聞 {date} 朝刊 {n}面",
        ("2018年1月5日", "2018年1月6日"),
        ("古い桟橋を再建へ", "九日間もつパン"),
        (
            "港湾評議会は月曜日の夜に会合を開き、冬の嵐が来る前に古い桟橋を再建することで合意した。",
            "北の岸壁の漁師たちは、この計画では五月まで船を着ける場所がなくなると話している。",
            "市長は二週間以内に答えると約束し、厳しい冬に備えた積立金から費用を出すとした。",
        ),
    ),
    "ar": Paper(
        "جريدة المرفأ، {date}، ص {n}",
        ("5 يناير 2018", "6 يناير 2018"),
        ("إعادة بناء الرصيف القديم", "خبز يدوم تسعة أيام"),
        (
            "اجتمع مجلس الميناء مساء الاثنين واتفق على إعادة بناء الرصيف القديم قبل وصول عواصف الشتاء المقبل.",
            "وقال صيادون من الرصيف الشمالي إن الخطة تتركهم بلا مكان للرسو حتى شهر مايو وطلبوا المساعدة.",
            "ووعد رئيس البلدية بالرد في غضون أسبوعين وبأموال من احتياطي الشتاء القاسي للسكان جميعا.",
        ),
    ),
    "th": Paper(
        "หนังสือพิมพ์ท่าเรือ {date} หน้า {n}",
        ("5 มกราคม 2561", "6 มกราคม 2561"),
        ("ท่าเรือเก่าจะสร้างใหม่", "ขนมปังที่อยู่ได้เก้าวัน"),
        (
            "สภาท่าเรือประชุมเมื่อคืนวันจันทร์และตกลงที่จะสร้างท่าเรือเก่าขึ้นใหม่ก่อนที่พายุฤดูหนาวจะมาถึง",
            "ชาวประมงจากท่าเรือเหนือบอกว่าแผนนี้ทำให้พวกเขาไม่มีที่จอดเรือจนถึงเดือนพฤษภาคมและขอความช่วยเหลือ",
            "นายกเทศมนตรีสัญญาว่าจะตอบภายในสองสัปดาห์และจะใช้เงินสำรองสำหรับฤดูหนาวที่เลวร้าย",
        ),
    ),
}
LAYOUTS = {
    "paragraphs": "<p>{head}</p><p>{source}</p>{paragraphs}<br><br>",
    "paragraphs, the date first": "<p>{source}</p><p>{head}</p>{paragraphs}",
    "one paragraph": "<p>{head}</p><p>{source}</p><p>{text}</p>",
    "boxes": "<div>{head}</div><div>{source}</div><div>{text}</div>",
    "boxes in a box": "<div><div>{head}</div><div>{source}</div><div>{text}</div></div>",
    "breaks": "{head}<br>{source}<br><br>{lines}<br><br><br>",
    "breaks, the date first": "{source}<br>{head}<br><br>{lines}<br><br><br>",
    "two lines in a paragraph": "<p>{head}<br>{source}</p>{paragraphs}",
    "two lines in a paragraph, the date first": "<p>{source}<br>{head}</p>{paragraphs}",
    "bold headline": "<b>{head}</b><br>{source}<br><br>{lines}<br><br>",
    "strong headline": "<p><strong>{head}</strong></p><p>{source}</p>{paragraphs}",
    "bold source": "<p>{head}</p><p><b>{source}</b></p>{paragraphs}",
    "sizes": "<font size=4>{head}</font><br><font size=2>{source}</font><br>{lines}<br><br>",
    "spans": "<div><span class=a>{head}</span><br><span class=b>{source}</span><br><span class=c>{text}</span></div>",
    "rows": "<table><tr><td>{head}</td></tr><tr><td>{source}</td></tr><tr><td>{text}</td></tr></table>",
    "one row": "<table><tr><td>{source}</td><td>{head}</td><td>{text}</td></tr></table>",
    "definitions": "<dl><dt>{head}</dt><dd>{source}</dd><dd>{text}</dd></dl>",
    "definitions without ends": "<dt>{head}<dd>{source}<dd>{text}",
    "definitions, the date first": "<dl><dt>{source}</dt><dt>{head}</dt><dd>{text}</dd></dl>",
    "items": "<li>{head}<br>{source}<br>{text}</li>",
    "as typed": "<pre>{head}\n{source}\n\n{typed}</pre>",
    "rubric": "<p>Lokal</p><p>{head}</p><p>{source}</p>{paragraphs}",
    "author": "<p>{head}</p><p>Ann Lee</p><p>{source}</p>{paragraphs}",
    "deck": "<p>{head}</p><p>{deck}</p><p>{source}</p>{paragraphs}",
    "the date alone": "<p>{head}</p><p>{date}</p>{paragraphs}",
    "the source at the end": "<p>{head}</p>{paragraphs}<p>{source}</p>",
    "the source at the end, in brackets": "<p><b>{head}</b></p>{paragraphs}<p>({source})</p>",
}


def joined(layout: str, paper: Paper, number: int = 2) -> str:
    return "".join(_filled(layout, paper, n) for n in range(number))


def _filled(layout: str, paper: Paper, n: int) -> str:
    texts = paper.sentences[n:] + paper.sentences[:n]
    date = paper.dates[n]
    return layout.format(
        head=paper.heads[n],
        date=date,
        source=paper.source.format(date=date, n=n + 1),
        deck=texts[2],
        text=" ".join(texts),
        paragraphs="".join(f"<p>{text}</p>" for text in texts),
        lines="<br>".join(texts),
        typed="\n".join(texts),
    )


@pytest.mark.parametrize("name", LAYOUTS)
def test_two_articles_in_plain_mark_up_are_refused_in_every_language(name: str) -> None:
    for language, paper in PAPERS.items():
        data = page(joined(LAYOUTS[name], paper))
        assert marks(data) == 2, language
        with pytest.raises(DumpError, match="holds about 2 articles in a layout that no reader knows"):
            pieces(data)


@pytest.mark.parametrize("name", LAYOUTS)
def test_one_article_in_plain_mark_up_is_one(name: str) -> None:
    for language, paper in PAPERS.items():
        data = page(joined(LAYOUTS[name], paper, 1))
        (found,) = pieces(data)
        assert isinstance(found, dict), language
        assert marks(data) == 1


EN = PAPERS["en"]
TEXT = "".join(f"<p>{sentence}</p>" for sentence in EN.sentences)
REVIEW = "<p>Reviewer: Guest {n} - {date}</p><p>Subject: {head}</p>{paragraphs}"
POST = "<p>Guest of the town {n}</p><p>{date}, 12:3{n}</p>{paragraphs}"


def test_posts_below_a_text_are_not_sure_to_be_articles() -> None:
    for layout in (REVIEW, POST):
        posts = "".join(_filled(layout.replace("{n}", str(n)), EN, n) for n in (0, 1))
        found, *doubts = pieces(page(f"<h1>Old pier</h1><p>3 January 2018</p>{TEXT}{TEXT}{posts}"))
        assert isinstance(found, dict)
        assert all(isinstance(doubt, Doubt) for doubt in doubts)
