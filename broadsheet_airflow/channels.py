"""How a notice is sent: by mail and by webhook, each if its Airflow connection is defined.

Both use Airflow's own notifiers, but a text that came from a dump is sent literally: no templates are rendered in
it, and mail is plain text.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import cached_property
from typing import Any

from airflow.providers.http.notifications.http import HttpNotifier
from airflow.providers.smtp.hooks.smtp import SmtpHook
from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowNotFoundException

log = logging.getLogger(__name__)

MAIL = "broadsheet_smtp"
"""Connection of type smtp. Its extra holds `to` (addresses, separated by commas) and `from_email`."""

WEBHOOK = "broadsheet_webhook"
"""Connection of type http. Its host is the whole address; the entries of its extra become headers."""

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Notice:
    """What is sent to people: the subject, in our own words only, the text, and the run that it is about."""

    subject: str
    text: str
    dag_id: str
    run_id: str


def send(notice: Notice) -> None:
    """Send a notice by every channel that is defined. What cannot be sent is logged, and stops nothing else."""
    channels: dict[str, Callable[[Notice, Any], None]] = {MAIL: _mail, WEBHOOK: _post}
    for name, channel in channels.items():
        try:
            channel(notice, BaseHook.get_connection(name))
            log.info("Notice sent by %s: %s", name, notice.subject)
        except AirflowNotFoundException:
            log.info("No notice by %s: no Airflow connection has this name.", name)
        except Exception:
            log.exception("A notice could NOT be sent by %s. It says: %s\n%s", name, notice.subject, notice.text)


def _mail(notice: Notice, connection: Any) -> None:
    extra = connection.extra_dejson
    for key in ("to", "from_email"):
        if not extra.get(key):
            raise ValueError(f"the connection {MAIL} has no {key!r} in its extra; add an address there")
    PlainSmtpNotifier(smtp_conn_id=MAIL, to=extra["to"], subject=notice.subject, html_content=notice.text)({})


def _post(notice: Notice, connection: Any) -> None:
    # `text` is what Slack, Mattermost and the like show.
    payload = {**asdict(notice), "text": f"{notice.subject}\n\n{notice.text}"}
    LiteralHttpNotifier(http_conn_id=WEBHOOK, json=payload, extra_options={"timeout": TIMEOUT_SECONDS})({})


class PlainSmtpHook(SmtpHook):
    """SmtpHook that writes plain text, because the original only knows HTML; a line break in a header is refused."""

    def _build_mime_message(  # type: ignore[override]
        self, mail_from: str, to: str, subject: str, html_content: str, **unused: Any
    ) -> tuple[EmailMessage, list[str]]:
        recipients = self._get_email_address_list(to)
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = subject, mail_from, ", ".join(recipients)
        message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid()
        message.set_content(html_content)
        return message, recipients


class PlainSmtpNotifier(SmtpNotifier):
    """SmtpNotifier in plain text, without templates."""

    template_fields = ()  # type: ignore[assignment]

    @cached_property
    def hook(self) -> SmtpHook:
        """The hook that writes plain text."""
        return PlainSmtpHook(smtp_conn_id=self.smtp_conn_id)


class LiteralHttpNotifier(HttpNotifier):
    """HttpNotifier without templates."""

    template_fields = ()  # type: ignore[assignment]
