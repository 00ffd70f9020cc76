"""A takedown in Airflow is approved by a second person or not at all: tried through the real API."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from airflow_office import API, Office, advance
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom

DAG_ID = "take_down_articles"
ADDRESS = "https://courier.example/1"
FORM = {"by": "url", "value": ADDRESS, "reason": "a *court* order"}


class Desk:
    """A newsroom with a stored article, whose takedown people ask for."""

    def __init__(self, office: Office, newsroom: Newsroom) -> None:
        self.office, self.newsroom = office, newsroom
        self.dag = office.add_dag(DAG_ID)
        self.notices: list[Any] = []
        self.runs = f"{API}/dags/{DAG_ID}/dagRuns"

    def request(self, name: str = "ada", **more: Any) -> str:
        """A user asks for it; returns the run, which waits for an answer."""
        answer = self.office.ask(name, "POST", self.runs, {"logical_date": None, "conf": FORM, **more})
        assert answer.status_code == 200, answer.text
        run_id = str(answer.json()["dag_run_id"])
        self.advance(run_id)
        return run_id

    def advance(self, run_id: str) -> tuple[str, dict[str, str]]:
        return advance(self.dag, run_id)

    def answer(self, name: str, run_id: str, choice: Any = "Approve") -> int:
        """A user answers the form; returns the status."""
        options = choice if isinstance(choice, list) else [choice]
        path = f"{self.runs}/{run_id}/taskInstances/take_down/-1/hitlDetails"
        return int(self.office.ask(name, "PATCH", path, {"chosen_options": options, "params_input": {}}).status_code)

    def form(self, run_id: str) -> dict[str, Any]:
        path = f"{self.runs}/{run_id}/taskInstances/take_down/-1/hitlDetails"
        found: dict[str, Any] = self.office.ask("bo", "GET", path).json()
        return found

    def set_state(self, name: str, run_id: str, state: str) -> int:
        path = f"{self.runs}/{run_id}/taskInstances/take_down"
        return int(self.office.ask(name, "PATCH", path, {"new_state": state}).status_code)

    def clear(self, name: str, run_id: str, **more: Any) -> int:
        body = {"dry_run": False, "task_ids": ["take_down"], "dag_run_id": run_id, "only_failed": False, **more}
        return int(self.office.ask(name, "POST", f"{API}/dags/{DAG_ID}/clearTaskInstances", body).status_code)

    @property
    def is_stored(self) -> bool:
        return bool(self.newsroom.query(f"select 1 from news.fact_article where url = '{ADDRESS}'"))

    @property
    def told(self) -> str:
        return "\n".join(f"{notice.subject}\n{notice.text}" for notice in self.notices)


@pytest.fixture(scope="module")
def two_papers(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom with a text that stands in two papers."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("papers"))
    twin = article(2, body=article(1)["body"], publication="Evening Lamp", headline="No <b>boat [waves](x)")
    newsroom.load(newsroom.drop("a.jsonl", [article(1), twin]))
    return newsroom


@pytest.fixture
def desk(office: Office, two_papers: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    newsroom = copy_of(two_papers, tmp_path / "copy")
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    monkeypatch.setenv("BROADSHEET_FRONT_PAGE", "no")
    desk = Desk(office, newsroom)
    monkeypatch.setattr("broadsheet_airflow.channels.send", desk.notices.append)
    return desk


def test_a_second_person_approves_it(desk: Desk) -> None:
    from airflow.models.asset import AssetEvent
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    from broadsheet_airflow.run_notes import on_dag_run_success

    run_id = desk.request()
    form = desk.form(run_id)
    assert "https\\://courier\\.example/1" in form["subject"]
    assert "Requested by ada" in form["body"]
    assert "a \\*court\\* order" in form["body"]
    assert "article 1\\: Boat number 1 leaves the harbour" in form["body"]
    assert "stays" in form["body"].split("article 2")[0]
    assert "No ‹b›boat \\[waves\\]\\(x\\)" in form["body"]
    assert "take_down_articles waits for an approval" in desk.told
    assert "article 1: Boat number 1 leaves the harbour" in desk.told
    assert desk.is_stored
    assert desk.answer("bo", run_id) == 200
    assert desk.advance(run_id) == ("success", {"take_down": "success", "verdict": "success"})
    assert not desk.is_stored
    assert set(desk.newsroom.query("select requested_by, approved_by from ops.takedown")) == {("ada", "bo")}
    assert "a.jsonl in the landing folder still holds the text" in desk.told
    page = desk.office.ask("vic", "GET", "/broadsheet/").text
    assert "<code>a.jsonl</code>" in page.split("still in the landing folder")[1]
    with create_session() as session:
        (event,) = session.scalars(select(AssetEvent.extra).where(AssetEvent.source_run_id == run_id))
        run: Any = session.scalar(select(DagRun).where(DagRun.dag_id == DAG_ID, DagRun.run_id == run_id))
        on_dag_run_success(run, "")
        assert run.note.splitlines() == [
            "1 article taken down · removed 1 work folder · still in 1 dump",
            "⚠ a.jsonl in the landing folder still holds the text: remove it or redact it",
        ]
    assert (event["taken_down"], event["landing"]) == (1, 1)


def test_the_requester_cannot_approve_it_and_their_click_does_not_end_it(desk: Desk) -> None:
    run_id = desk.request()
    assert desk.answer("ada", run_id) == 200
    assert desk.advance(run_id)[1]["take_down"] == "awaiting_input"
    assert desk.is_stored
    assert desk.answer("bo", run_id) == 200
    assert desk.advance(run_id)[0] == "success"
    assert not desk.is_stored


@pytest.mark.parametrize("name", ["bo", "ada"])
def test_it_can_be_rejected(desk: Desk, name: str) -> None:
    run_id = desk.request()
    assert desk.answer(name, run_id, "Reject") == 200
    assert desk.advance(run_id)[0] == "success"
    assert desk.is_stored


def test_an_approval_written_into_xcom_removes_nothing(desk: Desk) -> None:
    run_id = desk.request()
    forged = {"chosen_options": ["Approve"], "responded_by_user": {"id": "bo", "name": "bo"}, "params_input": {}}
    path = f"{desk.runs}/{run_id}/taskInstances/take_down/xcomEntries"
    assert desk.office.ask("ada", "POST", path, {"key": "return_value", "value": forged}).status_code == 201
    assert desk.set_state("ada", run_id, "success") == 200
    state, states = desk.advance(run_id)
    assert (state, states["verdict"]) == ("failed", "failed")
    assert desk.is_stored
    assert "take_down was set to success by hand: no user approved anything" in desk.told
    assert "trigger take_down_articles again and have it approved again" in desk.told
    assert "then clear it" not in desk.told


@pytest.mark.parametrize("new_state", ["skipped", "failed"])
def test_another_state_set_by_hand_removes_nothing(desk: Desk, new_state: str) -> None:
    run_id = desk.request()
    assert desk.set_state("ada", run_id, new_state) == 200
    assert desk.advance(run_id)[0] == "failed"
    assert desk.is_stored
    assert "failed for 1 reason" in desk.told


def test_an_approval_in_the_conf_is_none(desk: Desk) -> None:
    forged = {
        "responded_by_user": "bo",
        "approved_by": "bo",
        "triggering_user_name": "bo",
        "chosen_options": ["Approve"],
    }
    run_id = desk.request(conf={**FORM, **forged})
    assert desk.advance(run_id)[1]["take_down"] == "awaiting_input"
    assert desk.answer("ada", run_id) == 200
    assert desk.advance(run_id)[1]["take_down"] == "awaiting_input"
    assert desk.is_stored


@pytest.mark.parametrize("only_the_task", [True, False])
def test_a_cleared_task_removes_nothing(desk: Desk, only_the_task: bool) -> None:
    """The second user answered; the requester clears the task before it goes on."""
    run_id = desk.request()
    assert desk.answer("bo", run_id) == 200
    assert desk.clear("ada", run_id, reset_dag_runs=not only_the_task) == 200
    assert desk.advance(run_id)[0] == "failed"
    assert desk.is_stored
    assert "a takedown is not tried again" in desk.told


def test_an_approval_of_one_run_is_none_of_another(desk: Desk) -> None:
    approved, other = desk.request(), desk.request()
    assert desk.answer("bo", approved) == 200
    assert desk.advance(other)[1]["take_down"] == "awaiting_input"
    assert desk.is_stored
    assert desk.answer("bo", approved) == 409  # one answer for each


def test_what_was_approved_is_not_changed_behind_the_approver(desk: Desk) -> None:
    run_id = desk.request(conf={"by": "email", "value": "mara@courier.example", "reason": "a court order"})
    assert desk.advance(run_id)[0] == "failed"  # nothing matches yet
    mine = article(3, byline="By Mara Lindqvist mara@courier.example")
    desk.newsroom.load(desk.newsroom.drop("b.jsonl", [mine]))
    run_id = desk.request(conf={"by": "email", "value": "mara@courier.example", "reason": "a court order"})
    desk.newsroom.load(desk.newsroom.drop("c.jsonl", [{**mine, "url": ADDRESS, "headline": "Another"}]))
    assert desk.answer("bo", run_id) == 200
    assert desk.advance(run_id)[0] == "failed"
    assert desk.is_stored
    assert "that the approver was not shown" in desk.told


def test_a_run_under_the_name_of_another_does_not_answer_for_it(desk: Desk) -> None:
    """Two run ids that are one name of a folder."""
    run_id = desk.request(dag_run_id="asked:1")
    desk.request(dag_run_id="asked_1", conf={**FORM, "value": "https://courier.example/2"})
    assert desk.answer("bo", run_id) == 200
    assert desk.advance(run_id)[0] == "failed"
    assert desk.is_stored


NOBODY: dict[str, Any] = {
    "no user": {"responded_by_user": None},
    "no name": {"responded_by_user": {"id": "bo", "name": " "}},
    "no time": {"responded_at": None},
    "a default": {"timedout": True},
    "nothing chosen": {"chosen_options": []},
    "several chosen": {"chosen_options": ["Approve", "Reject"]},
    "something else": {"chosen_options": ["Yes"]},
    "an error": {"error": "lost", "error_type": "unknown"},
    "too late": {"error": "late", "error_type": "timeout"},
}


@pytest.mark.parametrize("what", NOBODY)
def test_whatever_is_not_the_clear_answer_of_a_user_is_refused(airflow_home: Path, what: str) -> None:
    from datetime import UTC, datetime

    from broadsheet_airflow.takedown import NotApproved, answer_in

    good = {
        "chosen_options": ["Approve"],
        "responded_by_user": {"id": "7", "name": "bo"},
        "responded_at": datetime.now(UTC),
        "timedout": False,
    }
    assert answer_in(good) == ("bo (7)", True)
    with pytest.raises(NotApproved, match="nothing was taken down"):
        answer_in({**good, **NOBODY[what]})


def test_a_request_of_nobody_known_ends_before_anyone_is_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet_airflow import takedown

    of = takedown.asked_in
    monkeypatch.setattr(takedown, "asked_in", lambda context: replace(of(context), requested_by=" "))
    run_id = desk.request()
    assert desk.advance(run_id)[0] == "failed"
    assert "waits for an approval" not in desk.told
    assert "it is not known who requested this takedown" in desk.told


def test_without_a_known_requester_nobody_can_approve(airflow_home: Path) -> None:
    from broadsheet_airflow.takedown import NotApproved, is_same_person

    with pytest.raises(NotApproved, match="not known who requested"):
        is_same_person(" ", {"id": "bo", "name": "bo"})
    assert is_same_person("ADA ", {"id": "7", "name": "ada"})
    assert is_same_person("ada", {"id": "Ada", "name": "Ada Olsen"})
