"""The front page in a real browser: it asks for nothing, runs nothing, and says what the warehouse says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from newsroom import Newsroom
from weeks import weeks_in

from etl.reports import front_page

SCRIPT = "<script>alert('headline')</script>"
HOSTILE = {
    "markup": "<svg/onload=alert('headline')><script>alert('headline')</h2></body>",  # not closed: no HTML to clean
    "word": "unbreakable" * 90,
    "long": "A headline without end, " * 210,
    "right to left": "أخبار الميناء: السفينة تغادر \u202eexe.txt",
    "emoji": "Harbour 🚢🌊 wins 🏆 👩‍👩‍👧‍👦",
    "template": "{{ 7 * 7 }} ${alert(1)}",
}
PUBLICATIONS = (f"The {SCRIPT}", "W" * 300, "صحيفة الميناء")
DESKTOP, PHONE = 1280, 390


def hostile_records() -> list[dict[str, Any]]:
    """Each hostile headline as a story that a dozen publications carry, some with hostile names."""
    return [
        {
            "url": f"https://hostile.example/{name.replace(' ', '-')}/{number}?'\"><script>alert('url')</script>",
            "publication": PUBLICATIONS[number] if number < len(PUBLICATIONS) else f"Paper {number}",
            "headline": headline,
            "body": f"This is the same text in every paper, and its kind is {name}: {headline}",
            "section": SCRIPT,
            "tags": [SCRIPT],
            "published": "2026-11-22",
        }
        for name, headline in HOSTILE.items()
        for number in range(12)
    ]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Five weeks of papers, the last with what tries to break the page."""
    return weeks_in(tmp_path_factory.mktemp("front"), weeks=5, last=hostile_records(), front_page=True)


@pytest.fixture
def opened(watched: Any, front: Newsroom) -> Any:
    """The front page, opened as a file."""
    watched.page.goto(front_page.path_of(front.settings).as_uri(), wait_until="networkidle")
    return watched


def numbers(texts: list[str]) -> list[int]:
    """The first number in each text."""
    return [int(re.findall(r"[\d,]+", text)[0].replace(",", "")) for text in texts]


def section(page: Any, name: str) -> Any:
    return page.locator(f"section#{name}")


def test_it_asks_for_nothing_and_runs_nothing(opened: Any, front: Newsroom) -> None:
    asked = [url for url in opened.requests if not url.startswith("data:")]
    assert asked == [front_page.path_of(front.settings).as_uri()]
    assert opened.errors == []
    assert opened.dialogs == []
    assert opened.page.locator("script, img, iframe, object, embed, form").count() == 0
    assert opened.page.locator("[onclick], [onerror], [onload]").count() == 0


def test_no_script_would_run_were_an_escape_forgotten(opened: Any) -> None:
    opened.page.evaluate("() => document.body.insertAdjacentHTML('beforeend', `<img src=x onerror='alert(1)'>`)")
    opened.page.wait_for_timeout(300)
    assert opened.dialogs == []


def test_hostile_headlines_are_shown_as_text(opened: Any) -> None:
    headlines = section(opened.page, "stories").locator(".headline").all_inner_texts()
    assert HOSTILE["markup"] in headlines
    assert HOSTILE["emoji"] in headlines
    assert HOSTILE["template"] in headlines
    (arabic,) = [shown for shown in headlines if shown.startswith("أخبار")]
    assert "\u202e" not in arabic
    assert max(map(len, headlines)) <= 180
    assert f"The {SCRIPT}" in section(opened.page, "stories").inner_text()


STICKING_OUT = """() => [...document.querySelectorAll('body *:not(svg *)')]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
    .map(each => each.outerHTML.slice(0, 200))"""


@pytest.mark.parametrize("width", [DESKTOP, 1000, 768, PHONE, 320])
def test_nothing_sticks_out_of_the_screen(opened: Any, width: int) -> None:
    opened.page.set_viewport_size({"width": width, "height": 844})
    opened.page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
    assert opened.page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert opened.page.evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_letters_are_large_enough_to_read(opened: Any, width: int) -> None:
    opened.page.set_viewport_size({"width": width, "height": 844})
    heights = opened.page.evaluate(
        "() => [...document.querySelectorAll('svg text')].map(e => e.getBoundingClientRect().height).filter(h => h > 0)"
    )
    assert heights
    assert min(heights) >= 10


CONTRAST = """() => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, place) => sum + v * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const e of document.querySelectorAll('body *:not(svg *)')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.getClientRects().length) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(e.outerHTML.slice(0, 120));
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_what_is_behind_it(opened: Any, scheme: str) -> None:
    opened.page.emulate_media(color_scheme=scheme)
    assert opened.page.evaluate(CONTRAST) == []


def test_light_and_dark_are_different(opened: Any) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        opened.page.emulate_media(color_scheme=scheme)
        mark = "getComputedStyle(document.querySelector('#volume svg path[fill*=series-1]')).fill"
        colours.add(opened.page.evaluate(f"() => [getComputedStyle(document.body).backgroundColor, {mark}].join()"))
    assert len(colours) == 2


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        (front_page.PAGE, DESKTOP, "light"),
        (front_page.PAGE, PHONE, "dark"),
        (front_page.DICTIONARY, DESKTOP, "dark"),
        (front_page.DICTIONARY, PHONE, "light"),
    ],
)
def test_axe_finds_nothing_that_keeps_anybody_out(
    opened: Any, front: Newsroom, name: str, width: int, scheme: str
) -> None:
    opened.page.set_viewport_size({"width": width, "height": 844})
    opened.page.emulate_media(color_scheme=scheme)
    opened.page.goto((front.settings.published_folder / name).as_uri())
    opened.page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(opened.page)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]] == []


def test_headlines_lead_to_their_articles_and_to_nothing_else(opened: Any, front: Newsroom) -> None:
    targets = opened.page.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    outside = {target for target in targets if not target.startswith("#") and target != front_page.DICTIONARY}
    stored = {url for (url,) in front.ask_published("select url from news.fact_article where url is not null")}
    assert outside and outside <= stored
    stories = section(opened.page, "stories")
    assert stories.locator(".headline a").count() == stories.locator("li").count() > 0
    assert any("<script>" in target for target in outside)


def test_every_chart_has_its_numbers_in_a_table(opened: Any, front: Newsroom) -> None:
    charts = opened.page.locator("main figure:has(svg)").count()
    assert opened.page.locator("details:has(table)").count() == charts == 4
    assert not opened.page.locator("#daily").is_visible()
    opened.page.get_by_text("The numbers, day by day").click()
    days = numbers(opened.page.locator("#daily td:last-child").all_inner_texts())
    assert [(day,) for day in days] == front.ask_published(
        "select sum(articles) from mart.daily_volume where published_date > (select max(published_date) from"
        " mart.daily_volume) - 60 group by published_date order by published_date desc"
    )


def test_the_news_of_the_night_comes_before_its_numbers(opened: Any) -> None:
    night = section(opened.page, "night")
    corrections = night.locator("#corrections li").all_inner_texts()
    assert [text.split()[0] for text in corrections] == ["withdrawn", "corrected"]
    assert ", for once\n\nbefore: " in corrections[1]
    embargoes = night.locator("#embargoes li").all_inner_texts()
    assert [text.split("\n")[0] for text in embargoes] == [
        "23 Nov 2026, 17:00 UTC lifted",
        "24 Nov 2026, 06:30 UTC lifted",
    ]
    rising = [row.split("\t")[:4] for row in section(opened.page, "topics").locator("tbody tr").all_inner_texts()]
    assert ["river ice tag", "14", "0", "1"] in rising
    assert any(SCRIPT in row[0] for row in rising)
    assert night.locator("#feeds tr", has_text="gaceta").locator(".state").inner_text() == "silent"


def test_the_numbers_of_the_night_are_those_of_the_ledger(opened: Any, front: Newsroom) -> None:
    (run_id,) = front.ask_published("select run_id from ops.load_run order by started_at desc limit 1")[0]
    ((read, *counts),) = front.ask_published(
        "select sum(articles_read), sum(inserted), sum(revised), sum(unchanged), sum(rejected), count(*)"
        f" from ops.dump_load where run_id = '{run_id}'"
    )
    figures = section(opened.page, "night").locator("dl.facts dd:not(.more)").all_inner_texts()
    assert numbers(figures) == counts
    assert f"of {read:,} read" in section(opened.page, "night").inner_text()
    feeds = opened.page.locator("#feeds tbody td:nth-child(2)").all_inner_texts()
    assert sum(numbers(feeds)) == read
    reasons = opened.page.locator("h3:text('Why articles were rejected') + table td:nth-child(1)").all_inner_texts()
    assert sum(numbers(reasons)) == counts[3]
    assert "1 of 9 dumps not loaded" in opened.page.inner_text(".verdict >> nth=0")
    assert "feed gaceta: nothing on 2026-11-23" in opened.page.inner_text(".verdict >> nth=1")


def test_volume_languages_and_publications_are_those_of_mart_article(opened: Any, front: Newsroom) -> None:
    ((articles, publications, languages, undated, last),) = front.ask_published(
        "select count(*), count(distinct publication) filter (publication <> 'unknown'),"
        " count(distinct language_code) filter (language_code <> 'und'), count(*) filter (published_date is null),"
        " max(published_date) from mart.article"
    )
    folio = opened.page.locator(".folio span").all_inner_texts()
    assert numbers(folio[:3]) == [articles, publications, languages]
    volume = section(opened.page, "volume")
    assert f"{undated} articles have no date" in volume.inner_text()
    ((shown,),) = front.ask_published(f"select count(*) from mart.article where published_date > date '{last}' - 60")
    assert sum(numbers(volume.locator(".legend b").all_inner_texts())) == shown
    marks = volume.locator(".wide-only svg title").evaluate_all("all => all.map(each => each.textContent)")
    assert sum(int(mark.split(": ")[-1].split()[0].replace(",", "")) for mark in marks) == shown
    assert sum(numbers(volume.locator(".bars b").all_inner_texts())) == articles
    rows = front.ask_published("select count(*) from mart.article group by publication order by 1 desc limit 15")
    cells = volume.locator("#publications td:nth-child(6)").all_inner_texts()
    assert [(number,) for number in numbers(cells)] == rows


def test_stories_gaps_feeds_and_tables_are_those_of_the_warehouse(opened: Any, front: Newsroom) -> None:
    spread = numbers(opened.page.locator(".spread b").all_inner_texts())
    told = front.ask_published(
        "select publications from mart.story where kind = 'story' and publications > 1 order by 1 desc limit 10"
    )
    assert [(number,) for number in spread] == told
    coverage = section(opened.page, "coverage")
    missing = numbers(coverage.locator("#gaps td:nth-child(2)").all_inner_texts())
    newest = "(select max(published_date) from mart.daily_volume)"
    ((gaps,),) = front.ask_published(
        f"select count(*) from mart.coverage_gap where kind = 'missing' and day > {newest} - 28 and day <= {newest}"
    )
    assert sum(missing) == gaps > 0
    opened.page.goto((front.settings.published_folder / front_page.DICTIONARY).as_uri())
    for name in ("news.fact_article", "ops.dump_load", "mart.daily_count"):
        ((rows,),) = front.ask_published(f"select count(*) from {name}")
        assert f"{rows:,} row" in opened.page.locator(f".sizes li:has(a[href='#{name}'])").inner_text()


def test_quality_is_that_of_the_last_runs(opened: Any, front: Newsroom) -> None:
    titles = (
        section(opened.page, "quality").locator("svg title").evaluate_all("all => all.map(each => each.textContent)")
    )
    runs = "count(distinct run_id) from ops.quality_result"
    ((unmet,),) = front.ask_published("select count(distinct suite) from ops.quality_result where not success")
    ((suites, loads),) = front.ask_published(f"select count(distinct suite), {runs}")
    assert len(titles) == unmet * loads
    assert f"All of the other {suites - unmet} suites were met." in section(opened.page, "quality").inner_text()
    ((worst,),) = front.ask_published(
        "select count(distinct (run_id, suite)) from ops.quality_result where not success and severity = 'critical'"
    )
    assert section(opened.page, "quality").locator("svg [fill='var(--alarm)']").count() == worst > 0


def test_every_link_of_the_dictionary_leads_somewhere(opened: Any) -> None:
    opened.page.locator("nav").get_by_text("Dictionary").click()
    broken = """() => [...document.querySelectorAll("a[href^='#']")]
        .filter(each => !document.getElementById(decodeURIComponent(each.getAttribute('href').slice(1))))
        .map(each => each.getAttribute('href'))"""
    assert opened.page.evaluate(broken) == []
    assert opened.page.locator("article").count() > 20
    opened.page.locator(".star a[href='#news.dim_author']").click()
    assert opened.page.url.endswith("#news.dim_author")
