"""Access to the desk: a password file, a login page of our own, and a cookie that the server signs."""

from __future__ import annotations

import hmac
import os
import secrets
import stat
import time
from asyncio import sleep
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bokeh.server.auth_provider import AuthProvider
from panel.io.server import LoginUrlMixin
from tornado.web import RequestHandler

from ...base.faults import Fault, FaultyInput
from ...base.messages import joined, message
from ..widgets.ui_text import html

LOGIN = "login"  # the login page, beside the desk's own
COOKIE = "changji_desk"
DAYS = 1.0  # a cookie is good for a working day
SHORTEST = 8  # characters of a password that is let onto a network
SHARED_NAME = "desk"  # of all users where the password file has one password and no names
KNOWN = "changji_desk_known"  # the cookie of a browser that was let in before
KNOWN_DAYS = 90.0
TRIES, SPAN = 10, 60.0  # wrong passwords within so many seconds; each further try waits,
LONGEST = 8.0  # for so many seconds at most: the right password is let in all the same
MOST_WAITING = 20  # tries that wait at a time; more are refused, so that nobody goes through a list of passwords
MOST_KEPT = 2 * TRIES  # wrong ones remembered of each: the pause is longest by then
PAUSE = 0.5  # seconds before a wrong password is answered


def read_passwords(path: str | os.PathLike[str]) -> dict[str, str]:
    """Passwords by name, from a file: one password, or a ``name:password`` a line. ``#`` begins a comment.

    Raises:
        FaultyInput: the file cannot be read, others may read it, or it holds no password that would do.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or message("it is no text in UTF-8")
        raise FaultyInput([Fault(str(path), message("the password file cannot be read: {why}", why=why))]) from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        what = message("others on this machine may read the password file; first: chmod 600 {file}", file=path.name)
        raise FaultyInput([Fault(str(path), what)])
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if len(lines) == 1 and ":" not in lines[0]:
        known = {SHARED_NAME: lines[0]}
    elif lines and all(":" in line for line in lines):
        known = {name.strip(): password.strip() for name, _, password in (line.partition(":") for line in lines)}
    else:
        what = message("the password file must hold one password, or a name:password a line")
        raise FaultyInput([Fault(str(path), what)])
    short = [name for name, password in known.items() if len(password) < SHORTEST]
    if short:
        what = message("a password is too short; at least {least} characters", least=SHORTEST)
        if short != [SHARED_NAME]:
            what = message(
                "the password of {names} is too short; at least {least} characters",
                names=joined(short),
                least=SHORTEST,
            )
        raise FaultyInput([Fault(str(path), what)])
    return known


class Passwords:
    """Checks a name and a password. Takes equally long whether or not there is such a name."""

    def __init__(self, known: Mapping[str, str]):
        self._known = {name: password.encode() for name, password in known.items()}

    def knows(self, name: str) -> bool:
        return self.has_names and name in self._known

    @property
    def has_names(self) -> bool:
        return set(self._known) != {SHARED_NAME}

    def who(self, name: str, password: str) -> str | None:
        """The name, if the password is that name's."""
        wanted, given = (name if self.has_names else SHARED_NAME).encode(), password.encode()
        found = None
        for known, right in self._known.items():
            is_it = hmac.compare_digest(known.encode(), wanted) & hmac.compare_digest(right, given)
            found = known if is_it else found
        return found


class Patience:
    """Wrong passwords lately, and how long the next try waits for them.

    Tries are told apart by who makes them: a browser that was let in before by its cookie, any other by its address and
    the name that was typed. A whole office behind one address is never shut out: it waits, and whoever was in before
    does not even wait for the mistakes of others.
    """

    MOST = 10_000  # of those told apart

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._wrong: dict[str, list[float]] = {}
        self._waiting: dict[str, int] = {}

    def pause(self, who: str) -> float:
        """Seconds that the next try waits: 0 at first, then longer with each wrong one."""
        more = len(self._lately(who)) - TRIES
        return 0.0 if more < 0 else min(LONGEST, 2.0**more)

    @contextmanager
    def waiting(self, who: str) -> Iterator[bool]:
        """While a try waits; False where too many do already."""
        number = self._waiting.get(who, 0)
        if number >= MOST_WAITING:
            yield False
            return
        self._waiting[who] = number + 1
        try:
            yield True
        finally:
            self._waiting[who] -= 1
            if not self._waiting[who]:
                del self._waiting[who]

    def note_wrong(self, who: str) -> None:
        """Count one more wrong password."""
        if len(self._wrong) >= self.MOST:
            self._wrong = {known: times for known in self._wrong if (times := self._lately(known))}
        if len(self._wrong) < self.MOST:
            self._wrong[who] = [*self._lately(who), self._clock()][-MOST_KEPT:]

    def _lately(self, who: str) -> list[float]:
        return [moment for moment in self._wrong.get(who, []) if self._clock() - moment < SPAN]


class Login(AuthProvider):
    """For bokeh's server: a request with a good cookie is served, any other is sent to the login page."""

    def __init__(self, passwords: Passwords, language: str = "zh"):
        self.passwords, self.patience, self.language = passwords, Patience(), language
        super().__init__()

    @property
    def get_user(self) -> Callable[[Any], Any]:
        return user_of

    @property
    def get_login_url(self) -> Callable[[Any], str]:
        return login_url_from

    @property
    def logout_url(self) -> str:
        return "/logout"

    @property
    def logout_handler(self) -> type[RequestHandler]:
        return LogoutHandler


def login_url_from(handler: Any) -> str:
    """The login page beside the page that is asked for: a proxy may serve both below a path this server never sees."""
    prefix = handler.application.prefix
    below = handler.request.path.removeprefix(prefix)
    up = "../" * (below.count("/") - 1)
    here = up if below.startswith("/") else f"{prefix.rpartition('/')[2]}/"  # or the prefix without its slash
    dot = "/" if isinstance(handler, LoginUrlMixin) else ""  # panel puts a dot before what it is given
    return f"{dot}{here}{LOGIN}"


def user_of(handler: RequestHandler) -> str | None:
    """The name in the signed cookie. The password file is read once, at the start; with every start the secret that
    cookies are signed with is another, so that a name taken out of the file loses access with the next start.
    """
    value = handler.get_signed_cookie(COOKIE, max_age_days=DAYS)
    return value.decode() if value else None


class LoginHandler(RequestHandler):
    """The login page. It fetches nothing."""

    @property
    def _login(self) -> Login:
        return self.application.auth_provider  # type: ignore[attr-defined,no-any-return]

    def get(self) -> None:
        if user_of(self):
            self.redirect(self._next())
        else:
            self._show("")

    async def post(self) -> None:
        name, patience = self.get_body_argument("name", ""), self._login.patience
        trier = self._trier(name)
        with patience.waiting(trier) as is_heard:
            if not is_heard:
                self.set_status(429)
                self._show("many")
                return
            await sleep(patience.pause(trier))
            who = self._login.passwords.who(name, self.get_body_argument("password", ""))
            if who is None:
                patience.note_wrong(trier)
                await sleep(PAUSE)
                self.set_status(403)
                self._show("wrong")
                return
        self._let_in(who)
        self.redirect(self._next())

    def _trier(self, name: str) -> str:
        """Who tries, as `Patience` tells them apart."""
        before = self.get_signed_cookie(KNOWN, max_age_days=KNOWN_DAYS)
        if before:
            return before.decode()
        return f"{self.request.remote_ip} {name if self._login.passwords.knows(name) else ''}"

    def _let_in(self, who: str) -> None:
        about: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": self.request.protocol == "https"}
        self.set_signed_cookie(COOKIE, who, expires_days=DAYS, **about)
        if not self.get_signed_cookie(KNOWN, max_age_days=KNOWN_DAYS):
            self.set_signed_cookie(KNOWN, secrets.token_urlsafe(16), expires_days=KNOWN_DAYS, **about)

    def _next(self) -> str:
        """The page that was asked for, beside this one, with its settings; never another server."""
        query = urlsplit(self.get_argument("next", "/")).query
        return f"./?{query}" if query else "./"

    def _show(self, trouble: str) -> None:
        language = self.get_argument("language", self._login.language)
        self.set_header("Cache-Control", "no-store")
        self.finish(login_page(trouble, self._login.passwords.has_names, self._next(), language))


class LogoutHandler(RequestHandler):
    """Forgets the cookie."""

    def get(self) -> None:
        self.clear_cookie(COOKIE)
        self.redirect(LOGIN)


TROUBLE = {
    "": ("", ""),
    "wrong": ("密码不正确。", "That is not the password."),
    "many": ("同时尝试的次数过多，请稍后再试。", "Too many tries at the same time; please try again soon."),
}
PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="icon" href="favicon.ico"><style>
body {{font-family: "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; background: #eef2f6; margin: 0;
 display: grid; place-items: center; min-height: 100vh; color: #1b2a38;}}
form {{background: #fff; padding: 32px; border-radius: 6px; width: 300px; box-shadow: 0 1px 6px rgba(0,0,0,.2);}}
h1 {{font-size: 1.25rem; margin: 0 0 20px;}} h1 small {{display: block; font-weight: 400; font-size: .85rem;}}
label {{display: block; margin-bottom: 14px;}} .trouble {{color: #a33f00;}}
input {{width: 100%; box-sizing: border-box; padding: 8px; font: inherit; margin-top: 4px;}}
button {{width: 100%; padding: 9px; font: inherit; color: #fff; background: #1f4e79; border: 0; border-radius: 4px;}}
</style></head><body><form method="post" action="{login}"><h1>{title}<small>{other_title}</small></h1>{trouble}{name}
<label>{password}<input type="password" name="password" autocomplete="current-password" autofocus required></label>
<input type="hidden" name="next" value="{next}"><button>{enter}</button></form></body></html>"""


def login_page(trouble: str, has_names: bool, then: str, language: str = "zh") -> str:
    """The login page, in both languages: the reader's first."""
    order = slice(None, None, -1) if language == "en" else slice(None)

    def both(chinese: str, english: str) -> str:
        return " · ".join([chinese, english][order])

    title, other = ["昌吉州科技专项资金", "Changji science fund"][order]
    sentences = TROUBLE[trouble]
    field = '<label>{}<input name="name" autocomplete="username" required></label>'
    return PAGE.format(
        login=LOGIN, lang="en" if language == "en" else "zh-CN", title=title, other_title=other, next=html(then),
        trouble=f'<p class="trouble" role="alert">{" ".join(sentences[order])}</p>' if trouble else "",
        name=field.format(both("姓名", "Name")) if has_names else "",
        password=both("密码", "Password"), enter=both("进入", "Enter"),
    )  # fmt: skip
