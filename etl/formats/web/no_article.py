"""Pages that a server sends in place of an article: to sign in, to prove that one is no robot, or that it failed."""

from __future__ import annotations

import re

MOST_WORDS = 80
"""An article has more; a page to sign in may say what it is for."""
_PASSWORD = re.compile(rb"<input\b[^<>]{0,400}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_SIGN_IN = re.compile(
    r"\b(?:(?:sign|log)(?:[ -]?in|ged out|ging in)|log[io]n|einloggen|anmelde\w*|(?:se )?connecter|connexion"
    r"|identifiez-vous|iniciar sesi[oó]n|acceder|iniciar sess[aã]o|entrar|accedi|inloggen|aanmelden"
    r"|logga in|logg inn|log ind|zaloguj"
    r"|войти|вход|giriş yap|ログイン|登录|登入|로그인)\b|ログイン|登录|登入|로그인",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"\W*(?:error:? )?(?:[45]\d\d\W*)?(?:access denied|forbidden|unauthori[sz]ed|(?:page |file )?not found"
    r"|too many requests|(?:internal )?server error|bad (?:gateway|request)|service (?:temporarily )?unavailable"
    r"|gateway time-?out|just a moment|attention required|are you (?:a robot|human)|verify (?:that )?you are human"
    r"|robot check|checking your browser|please (?:enable|turn on) (?:javascript|cookies)|session (?:has )?expired"
    r"|(?<=[45]\d\d )error)\W*(?:[-|–—:!] ?.{1,40})?"
    r"|\W*(?:error:? ?)?(?:40[0-9]|429|50[0-4])\W*",
    re.IGNORECASE,
)


def what_instead(page: bytes, headline: str, body: str) -> str | None:
    """What a page is, with this headline and body, in place of an article; None where it may be one."""
    if len(body.split()) > MOST_WORDS:
        return None
    if _PASSWORD.search(page) and _SIGN_IN.search(f"{headline}\n{body}"):
        return "a page to sign in"
    return "an error page of a server" if _FAILED.fullmatch(headline) else None
