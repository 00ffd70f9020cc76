"""From raw records to clean articles: pandas, pure, no clock. One row in, one row out.

What cannot be trusted becomes unknown and is never invented. The checks decide what must not be loaded.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

import orjson
import pandas as pd
import pyarrow as pa

from etl.declared.publications import Publications
from etl.model import Feed
from etl.normalise import identity
from etl.normalise._byline_lines import with_lines_apart
from etl.normalise._columns import pc, to_arrow, to_series
from etl.normalise._houses import without_publication
from etl.normalise._names import agency_of
from etl.normalise.bylines import split_bylines
from etl.normalise.countries import country_code
from etl.normalise.date_columns import DATE_FIELDS, NOTHING_SHOWN, Habits, habits_of
from etl.normalise.dates import credible_days, dates_of_changes, drop_future, parse_dates, resolve_relative
from etl.normalise.emails import Cover, cover_emails
from etl.normalise.fingerprints import fingerprints_of
from etl.normalise.languages import HEAD_CHARACTERS, detect_languages, language_name
from etl.normalise.lead_sentences import read_leads
from etl.normalise.publication_names import local_times, publications_of
from etl.normalise.text import clean_bodies, clean_line, clean_lines, count_paragraphs, count_words
from etl.normalise.urls import canonical_urls
from etl.schemas import ARTICLE, TIMESTAMP

STRING = pd.ArrowDtype(pa.string())
DETECTABLE_CHARACTERS = 100
"""The language of a shorter body cannot be detected well from the body alone."""
DOMAIN = re.compile(r"(?:www\.)?([a-z][a-z-]*)\.(?:com|org|net|[a-z]{2}|com?\.[a-z]{2})", re.IGNORECASE)

NO_PUBLICATIONS = Publications()

STATUSES = {
    "usable": "usable",
    "correction": "corrected",
    "corrected": "corrected",
    "canceled": "canceled",
    "cancelled": "canceled",
    "withdrawn": "canceled",
    "withheld": "withheld",
    "embargoed": "embargoed",
}


def normalise_records(
    raw: pd.DataFrame,
    plan: pd.DataFrame,
    feeds: dict[str, Feed],
    started_at: datetime,
    cover: Cover | None = None,
    habits: Habits | None = None,
    known: Publications = NO_PUBLICATIONS,
) -> pd.DataFrame:
    """Clean one chunk of raw records.

    In: `raw` in etl.schemas.RAW; `plan` in etl.schemas.PLAN with all deliveries of `raw`;
    the feeds by name; the start of the run, UTC; how authors' e-mail addresses are covered, if they are; what the date
    columns of the whole dumps show, without which `raw` is taken for whole dumps; the publications known by name.
    Out: ARTICLE, one row for each of `raw`, in order.
    """
    raw = _with_context(raw, plan, feeds)
    text = _texts(raw)
    addresses = canonical_urls(raw["url"])
    stated = clean_lines(_first(raw, "publication", "manifest_publication", "path_publication", "feed_publication"))
    publications = publications_of(stated, addresses["domain"], known)
    languages = _languages(raw, text)
    dates = _dates(raw, languages["language_code"], _habits_of_frame(raw) if habits is None else habits)
    leads = read_leads(text["body"], addresses["url"])
    bylines = text["byline"].fillna(leads["byline"])
    people = split_bylines(without_publication(bylines, stated, addresses["domain"]), languages["language_code"])
    published = _publication_dates(raw, dates["published"], leads["on"], started_at)
    columns = {
        **{name: raw[name] for name in ("delivery", "ordinal", "position", "source", "native_id", "native_version")},
        "native_kind": identity.native_kinds(raw, raw["feed_names_id"]),
        "version_number": _version_numbers(raw["native_version"]),
        "url": addresses["url"],
        "url_key": addresses["url_key"],
        **identity.content_identity(raw, stated),
        "body_hash": identity.body_hashes(text["body"]),
        "publication_name": publications["name"],
        "publication_country_code": _over_distinct(_first(raw, "country", "feed_country"), country_code),
        "publication_language_code": languages["language_code"].where(languages["is_declared"]),
        "publication_domain": addresses["domain"],
        **text,
        "has_headline": text["headline"].notna(),
        "section_name": clean_lines(_first(raw, "section", "path_section")),
        "page": clean_lines(_first(raw, "page", "path_page")),
        "edition": clean_lines(_first(raw, "edition", "path_edition")),
        "extra": raw["extra"],
        "authors": people["people"],
        "author_count": people["people"].list.len().fillna(0),
        "topics": topics(raw["labels"]),
        "agency": _over_distinct(clean_lines(raw["agency"]), _agency).fillna(people["agency"]).fillna(leads["agency"]),
        "status": _over_distinct(raw["status"], _status).fillna("usable"),
        "embargo_until": _without_zone(dates["embargo_until"]["at"]),
        "is_partial": raw["is_partial"].fillna(raw["manifest_is_partial"]).fillna(raw["feed_is_partial"]),
        "modified_at": _modified_at(dates["modified"], started_at),
        **published,
        "published_local": local_times(published["published_at"], publications["time_zone"]),
        "language_code": languages["language_code"],
        "language_name": _over_distinct(languages["language_code"], language_name),
        "language_confidence": languages["language_confidence"],
        "word_count": count_words(text["body"]),
        "character_count": text["body"].str.len().fillna(0),
        "paragraph_count": count_paragraphs(text["body"]),
        **fingerprints_of(text["body"]),
    }
    articles = pd.DataFrame({name: columns[name] for name in ARTICLE.names})
    return cover_emails(articles, cover) if cover else articles


def _with_context(raw: pd.DataFrame, plan: pd.DataFrame, feeds: dict[str, Feed]) -> pd.DataFrame:
    """Add to each record what its manifest (`manifest_*`) and its feed (`feed_*`) say."""
    stated = ["published_on", "publication", "language", "is_partial"]
    context = plan[["delivery", "source", *stated]].rename(columns={name: f"manifest_{name}" for name in stated})
    known = {name: feeds.get(name, Feed(name)) for name in plan["source"].unique()}
    facts = {
        "feed_publication": [feed.publication for feed in known.values()],
        "feed_country": [feed.country for feed in known.values()],
        "feed_language": [feed.language for feed in known.values()],
        "feed_timezone": [feed.timezone for feed in known.values()],
        "feed_date_order": [feed.date_order for feed in known.values()],
    }
    by_feed = pd.DataFrame({"source": pd.array(list(known), dtype=STRING)})
    for name, values in facts.items():
        by_feed[name] = pd.array(values, dtype=STRING)
    by_feed["feed_is_partial"] = [feed.is_partial for feed in known.values()]
    by_feed["feed_names_id"] = [feed.id_column is not None for feed in known.values()]
    context = context.merge(by_feed, on="source").set_index("delivery")
    beside = context.loc[raw["delivery"]].reset_index(drop=True)
    beside.index = raw.index
    return pd.concat([raw, beside], axis="columns")


def _first(raw: pd.DataFrame, *names: str) -> pd.Series:
    """Returns the first value of the columns that is not null, row by row."""
    found = raw[names[0]]
    for name in names[1:]:
        found = found.fillna(raw[name])
    return found


def _texts(raw: pd.DataFrame) -> dict[str, pd.Series]:
    lines = {name: clean_lines(raw[name]) for name in ("headline", "deck", "dateline")}
    bylines = clean_lines(with_lines_apart(raw["byline"]))
    return {**lines, "byline": bylines, "body": clean_bodies(raw["body"])}


def _languages(raw: pd.DataFrame, text: dict[str, pd.Series]) -> pd.DataFrame:
    declared = _first(raw, "language", "manifest_language", "feed_language")
    found = detect_languages(short_texts_with_headlines(text["headline"], text["body"]), declared)
    return found.assign(is_declared=declared.notna() & (found["language_confidence"] == 1.0))


def short_texts_with_headlines(headlines: pd.Series, bodies: pd.Series) -> pd.Series:
    """Returns the texts to detect languages from: the heads of the bodies, with their headlines ahead of short ones."""
    texts = pc.fill_null(pc.utf8_slice_codeunits(to_arrow(bodies), 0, HEAD_CHARACTERS), "")
    is_short = pc.less(pc.utf8_length(texts), DETECTABLE_CHARACTERS)
    heads = pc.fill_null(to_arrow(headlines), "").filter(is_short)
    with_heads = pc.utf8_trim_whitespace(pc.binary_join_element_wise(heads, texts.filter(is_short), " "))
    return to_series(pc.replace_with_mask(texts, is_short.combine_chunks(), with_heads.combine_chunks()), bodies.index)


def _publication_dates(
    raw: pd.DataFrame, printed: pd.DataFrame, in_leads: pd.Series, started_at: datetime
) -> dict[str, pd.Series]:
    """Returns when each article was published, by the first that knows: article, manifest, path or lead."""
    native = drop_future(printed, started_at)
    stated = {name: raw[f"{name}_published_on"] for name in ("manifest", "path")}
    credible = {name: credible_days(days, started_at) for name, days in stated.items()}
    issue = credible["manifest"].fillna(credible["path"])
    inferred = resolve_relative(raw["published"].where(native["on"].isna()), issue)
    basis = pd.Series("unknown", index=raw.index, dtype=STRING)
    published = native["on"]
    for name, dates in (
        ("inferred", inferred),
        *credible.items(),
        ("inferred", credible_days(in_leads, started_at)),
    ):
        basis = basis.mask(published.isna() & dates.notna(), name)
        published = published.fillna(dates)
    basis = basis.mask(native["on"].notna(), "native")
    is_absurd = (stated["manifest"].notna() & credible["manifest"].isna()) | (
        stated["path"].notna() & credible["path"].isna()
    )
    is_unreadable = raw["published"].notna() & native["on"].isna() & inferred.isna()
    precision = native["precision"].where(basis == "native", "day").mask(basis == "unknown", "unknown")
    return {
        "published_at": _without_zone(native["at"]),
        "published_date": published,
        "date_basis": basis,
        "date_precision": precision,
        "has_unreadable_date": is_unreadable | (is_absurd & native["on"].isna()),
    }


def _modified_at(printed: pd.DataFrame, started_at: datetime) -> pd.Series:
    parsed = drop_future(printed, started_at)
    midnight = parsed["on"].astype(pd.ArrowDtype(TIMESTAMP))
    return _without_zone(parsed["at"]).fillna(midnight)


def _habits_of_frame(raw: pd.DataFrame) -> Habits:
    """Returns what the date columns show, where the frame holds whole dumps."""
    return habits_of([pa.Table.from_pandas(raw[["delivery", *DATE_FIELDS]], preserve_index=False)])


def _dates(raw: pd.DataFrame, languages: pd.Series, habits: Habits) -> dict[str, pd.DataFrame]:
    """Returns `at`, `on` and `precision` of each raw date, as its feed, its column and its language write dates.

    A date of publication that says that it is of a change ("Updated May 3, 2021") is one of modification.
    """

    def read(name: str, texts: pd.Series) -> pd.DataFrame:
        return parse_dates(
            texts,
            raw["feed_timezone"],
            raw["feed_date_order"],
            languages,
            [habits.get((delivery, name), NOTHING_SHOWN) for delivery in raw["delivery"]] if habits else None,
            is_publication=name == "published",
        )

    dates = {name: read(name, raw[name]) for name in DATE_FIELDS if name != "modified"}
    changes = dates_of_changes(raw["published"].where(dates["published"]["on"].isna()))
    return {**dates, "modified": read("modified", raw["modified"].fillna(changes))}


def _without_zone(instants: pd.Series) -> pd.Series:
    return instants.dt.tz_convert("UTC").dt.tz_localize(None)


def _version_numbers(versions: pd.Series) -> pd.Series:
    """Returns versions as numbers, because 978556838 came before 1542761538; null where they are not numbers."""
    numbers = versions.where(versions.str.fullmatch(r"\d{1,18}(\.\d{1,8})?"))
    return numbers.astype(pd.ArrowDtype(pa.decimal128(28, 8)))


def topics(labels: pd.Series) -> pd.Series:
    """Returns labels (JSON lists of [scheme, code, name]) as topics; a missing code or name becomes the other."""
    offsets, schemes, codes, names = [0], list[str](), list[str](), list[str]()
    for text in labels.array._pa_array.to_pylist():
        found = _distinct_topics(orjson.loads(text)) if text else {}
        schemes += [scheme for scheme, _ in found]
        codes += [code for _, code in found]
        names += found.values()
        offsets.append(len(names))
    fields = [pa.array(values, pa.string()) for values in (schemes, codes, names)]
    structs = pa.StructArray.from_arrays(fields, ["scheme", "code", "name"])
    return to_series(pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs), labels.index)


_tidied = lru_cache(maxsize=100_000)(clean_line)


def _distinct_topics(labels: list[list[str]]) -> dict[tuple[str, str], str]:
    """Returns the names of topics by scheme and code."""
    found = {}
    for scheme, code, name in labels:
        code, name = _tidied(str(code or "")), _tidied(str(name or ""))
        if code or name:
            found[scheme, code or name] = name or code
    return found


def _status(raw: str) -> str:
    name = raw.strip().lower().removeprefix("stat:")
    return STATUSES.get(name, name)


def _agency(name: str) -> str:
    """Returns the usual name of an agency: Reuter, REUTERS, reuters.com and Reuters are one."""
    host = DOMAIN.fullmatch(name)
    return agency_of(name) or (agency_of(host[1]) or agency_of(host[1].upper()) if host else None) or name


def _over_distinct(values: pd.Series, function) -> pd.Series:  # type: ignore[no-untyped-def]
    """Apply a function of one string, called once for each distinct value."""
    answers = {value: function(value) for value in values.dropna().unique()}
    return values.map(answers).astype(STRING)
