"""Languages: declared, voted, or asked of the model; `und` where unsure."""

from __future__ import annotations

import judged
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from etl.normalise import STRING, languages, short_texts_with_headlines
from etl.normalise.languages import LANGUAGE_NAMES, detect_languages, language_code, language_name

SAMPLES = {
    "en": "The minister said on Monday that the government would not change its plans for the new railway, although"
    " the costs have doubled since the work began and the opening has been put off for two years.",
    "de": "Der Minister sagte am Montag, dass die Regierung ihre Pläne für die neue Bahn nicht ändern werde, obwohl"
    " sich die Kosten seit dem Beginn der Arbeiten verdoppelt haben und die Eröffnung um zwei Jahre verschoben ist.",
    "fr": "Le ministre a déclaré lundi que le gouvernement ne changera pas ses plans pour la nouvelle ligne, même si"
    " les coûts ont doublé depuis le début des travaux et que l'ouverture est repoussée de deux ans.",
    "es": "El ministro dijo el lunes que el gobierno no cambiará sus planes para la nueva línea, aunque los costes se"
    " han duplicado desde el comienzo de las obras y la apertura se ha aplazado dos años.",
    "pt": "O ministro disse na segunda-feira que o governo não vai mudar os planos para a nova linha, embora os custos"
    " tenham dobrado desde o início das obras e a abertura tenha sido adiada por dois anos.",
    "it": "Il ministro ha detto lunedì che il governo non cambierà i suoi piani per la nuova linea, anche se i costi"
    " sono raddoppiati dall'inizio dei lavori e l'apertura è stata rinviata di due anni.",
    "nl": "De minister zei maandag dat de regering haar plannen voor de nieuwe lijn niet zal wijzigen, hoewel de kosten"
    " sinds het begin van de werken zijn verdubbeld en de opening met twee jaar is uitgesteld.",
    "sv": "Ministern sade på måndagen att regeringen inte ändrar sina planer för den nya banan, trots att kostnaderna"
    " har fördubblats sedan arbetet började och öppningen har skjutits upp i två år.",
    "pl": "Minister powiedział w poniedziałek, że rząd nie zmieni swoich planów dotyczących nowej linii, choć koszty"
    " podwoiły się od początku prac, a otwarcie zostało przesunięte o dwa lata.",
    "ru": "Министр заявил в понедельник, что правительство не изменит планов строительства новой линии.",
    "zh": "部长星期一表示，尽管自开工以来费用已经翻了一番，政府不会改变新铁路的计划，开通时间推迟两年。",
    "ja": "大臣は月曜日、工事開始以来費用が倍増し、開業が二年延期されたものの、政府は新線の計画を変更しないと述べた。",
    "ar": "قال الوزير يوم الاثنين إن الحكومة لن تغير خططها للخط الجديد رغم أن التكاليف تضاعفت منذ بدء العمل.",
    "hi": "मंत्री ने सोमवार को कहा कि सरकार नई रेल लाइन की अपनी योजना नहीं बदलेगी, हालांकि लागत दोगुनी हो गई है।",
    "fi": "Ministeri sanoi maanantaina, ettei hallitus muuta uuden radan suunnitelmiaan, vaikka kustannukset ovat"
    " kaksinkertaistuneet töiden alkamisesta ja avaaminen on siirtynyt kahdella vuodella.",
}


def detect(text: str | None, declared: str | None = None) -> tuple[str, float]:
    row = detect_languages(pd.Series([text], dtype="str"), pd.Series([declared], dtype="str")).iloc[0]
    return row["language_code"], row["language_confidence"]


@pytest.mark.parametrize("code", SAMPLES)
def test_detected(code: str) -> None:
    found, confidence = detect(SAMPLES[code])
    assert found == code
    assert 0.5 <= confidence < 1


@pytest.mark.parametrize("code", ["en", "de", "fr", "es", "pt", "it", "nl"])
def test_common_languages_do_not_need_the_model(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_model", None)
    assert detect(SAMPLES[code])[0] == code


def test_a_close_vote_does_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_ask_model", lambda head: ("asked", 0.5))
    danish_or_norwegian = "og det er en til på for den som med de har ikke et han var men om seg af"
    assert detect(f"{danish_or_norwegian} {danish_or_norwegian}")[0] == "asked"


def test_capitals_are_read_too() -> None:
    assert detect(SAMPLES["de"].upper())[0] == "de"


@pytest.mark.parametrize("text", [None, "", "Too short", "7-6 (7/3), 6-3; 4-6, 7-5, 6-1; 6-4, 3-6, 7-6 (9/7)"])
def test_unsure_is_und(text: str | None) -> None:
    assert detect(text) == ("und", 0.0)


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("en_GB", "en"),
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("zh-Hans", "zh"),
        ("iw", "he"),
        ("ceb", "ceb"),
        ("English", "en"),
        ("GERMAN", "de"),
        ("Deutsch", "de"),
        ("français", "fr"),
        ("日本語", "ja"),
        ("Chinese (Simplified)", "zh"),
        ("Traditional Chinese", "zh"),
        ("Farsi", "fa"),
        ("Englisch", "en"),
        ("anglais", "en"),
        ("inglés", "en"),
        ("英文", "en"),
        ("영어", "en"),
        ("английский", "en"),
        ("Chinesisch (traditionell)", "zh"),
        ("Chinese - Simplified", "zh"),
        ("ZHTW", "zh"),
        ("Bahasa Indonesia", "id"),
        ("und", None),
        ("mul", None),
        ("xx", None),
        ("unknown", None),
        ("Newspapers", None),
        ("", None),
        (None, None),
    ],
)
def test_declared(declared: str | None, code: str | None) -> None:
    assert language_code(declared) == code
    assert detect(SAMPLES["it"], declared)[0] == (code or "it")


def test_only_what_is_declared_is_certain() -> None:
    assert detect(SAMPLES["it"], "fr") == ("fr", 1.0)
    assert detect("the and that with they have which been would about after when the and", "??")[1] < 1


def test_names() -> None:
    assert [language_name(code) for code in ("en", "zh", "und", "q!")] == [
        "English",
        "Chinese",
        "Unknown",
        "q!",
    ]
    assert all(LANGUAGE_NAMES.values())
    assert set(SAMPLES) < set(LANGUAGE_NAMES)


def test_columns() -> None:
    frame = detect_languages(pd.Series([SAMPLES["en"], None], index=[7, 3]), pd.Series([None, "de"], index=[7, 3]))
    assert frame.index.tolist() == [7, 3]
    assert frame["language_code"].tolist() == ["en", "de"]
    assert [str(kind) for kind in frame.dtypes] == ["string[pyarrow]", "float[pyarrow]"]


@given(st.text(), st.text(max_size=8))
@example("\u0ae2", "")
def test_any_text_gets_a_code(text: str, declared: str) -> None:
    code, confidence = detect(text, declared)
    assert code == code.lower() != ""
    assert 0 <= confidence <= 1
    assert (code == "und") == (confidence == 0)


def test_of_a_hundred_headlines_that_are_given_a_language_ninety_nine_are_given_theirs() -> None:
    score = judged.score(judged.titles())
    assert len(score.wrong) <= 0.01 * score.answered, score.wrong
    assert score.answered >= 0.7 * score.texts
    assert not [text for text, _ in score.wrong if not text.languages]


@pytest.mark.parametrize(("field", "answered"), [("headline", 0.8), ("body", 0.99)])
def test_so_are_those_of_the_real_dumps(field: str, answered: float) -> None:
    texts = judged.texts_of_dumps(field)
    if not texts:
        pytest.skip(f"waits for the real dumps, which are not in the project ({judged.CORPORA})")
    score = judged.score(texts)
    assert len(score.wrong) <= 0.01 * score.answered, score.wrong
    assert score.answered >= answered * score.texts


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Καταιγίδα", "el"),
        ("พายุ", "th"),
        ("סערה", "he"),
        ("ქარიშხალი", "ka"),
        ("Փոթորիկ", "hy"),
        ("புயல்", "ta"),
        ("ঝড়", "bn"),
        ("שטורעם אויף דער גאַס", "und"),  # Yiddish has letters of its own
        ("буря", "und"),
        ("عاصفة", "und"),
        ("Storm", "und"),
    ],
)
def test_one_word_has_a_language_where_its_letters_have_only_one(word: str, code: str) -> None:
    assert detect(word)[0] == code


@pytest.mark.parametrize(
    "text",
    [
        "大连有望设立第五个国家级新区　带动东北振兴",
        "金正恩为朝少年团代表安排宴会　学生发誓坚决跟随",
        "東京株式市場続伸大幅高" * 2,
    ],
)
def test_chinese_characters_without_japanese_letters_are_never_japanese(text: str) -> None:
    assert detect(text)[0] != "ja"
    assert detect(text * 20)[0] == "zh"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Proč je káva letos dražší než dřív", "cs"),
        ("Poľnohospodári sa boja slabej úrody", "sk"),
        ("Statsministeren vil ikke ha nyvalg", "und"),  # Danish or Norwegian
        ("Muzej otvoren i noću za posjetitelje", "und"),
        ("Ajax wint in Utrecht", "und"),
    ],
)
def test_neighbours_are_told_apart_by_their_letters_or_not_at_all(text: str, code: str) -> None:
    assert detect(text)[0] == code


@pytest.mark.parametrize(
    "text",
    [
        "Die minister het Maandag gesê dat die regering nie sy planne vir die nuwe spoorlyn sal verander nie, hoewel"
        " die koste verdubbel het sedert die werk op die lyn begin het.",
        "Die burgemeester sê hy is nie van plan om op te gee nie, en die raad van die dorp is op sy hand. Hulle het",
        "Der Minister huet gesot, datt d'Regierung hir Pläng fir déi nei Eisebunn net ännert an dass der Stad",
        "דער מיניסטער האט געזאגט מאנטיק אז די רעגירונג וועט נישט טוישן אירע פלענער פאר דער נייער באן",
        "די פאליציי האט נעכטן ארעסטירט דריי מענטשן אין שטאט",
        "Waziri wa mawasiliano asema Facebook na Google ni kampuni za watu wa Marekani, katika online"
        " conference ya Nairobi",
    ],
)
def test_a_small_language_is_not_taken_for_a_great_one(text: str) -> None:
    assert detect(text)[0] in ("und", "af", "lb", "yi", "sw")


def test_a_headline_in_capitals_has_the_language_that_it_has_in_small_letters() -> None:
    assert detect("COUNCIL APPROVES NEW BRIDGE OVER THE RIVER")[0] == "en"
    assert detect("VILLENEUVE ON VERGE OF F1 RETURN")[0] in ("en", "und")


def test_a_short_body_is_read_after_its_headline() -> None:
    headlines = pd.Series(["The ferry is late", None, "Titel", "Alone"], dtype=STRING)
    bodies = pd.Series(["Nobody said why.", "Short.", "x" * 200, None], dtype=STRING)
    texts = short_texts_with_headlines(headlines, bodies)
    assert list(texts) == ["The ferry is late Nobody said why.", "Short.", "x" * 200, "Alone"]


@pytest.mark.parametrize(
    ("headline", "code"),
    [
        ("港口渡轮再次晚点原因不明", "zh"),  # characters that Japan does not write
        ("フェリーまた遅れる", "ja"),
        ("여객선이또늦었다고한다", "ko"),
        ("東京株式市場続伸大幅高", "und"),  # may be either
        ("渡轮晚点", "zh"),
        ("日本首相訪中", "und"),
        ("港口渡輪再次誤點原因不明", "zh"),  # Japan writes these too, but not so many without a syllable
        ("學生抗議學費上漲", "zh"),
        ("安倍首相米国訪問決定", "und"),
        ("政治改革へ新たな決意、野党党首", "ja"),
        ("シェア", "ja"),
        ("태풍", "ko"),
    ],
)
def test_a_short_east_asian_headline_is_recognised_by_its_characters_or_not_at_all(headline: str, code: str) -> None:
    found = detect_languages(pd.Series([headline], dtype="str"), pd.Series([None], dtype="str"))
    assert found["language_code"].tolist() == [code]
