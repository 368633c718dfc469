"""Access to the desk: a password file, a login page of our own, and a cookie that the server signs."""

from __future__ import annotations

import asyncio
import hmac
import os
import stat
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bokeh.server.auth_provider import AuthProvider
from tornado.web import RequestHandler

from ...base.faults import Fault, FaultyInput
from ...base.messages import joined, message
from ..widgets.ui_text import html

COOKIE = "changji_desk"
DAYS = 1.0  # a cookie is good for a working day
SHORTEST = 8  # characters of a password that is let onto a network
SHARED_NAME = "desk"  # of all users where the password file has one password and no names
TRIES, SPAN = 10, 60.0  # wrong passwords from one address within so many seconds; then it must wait
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
    """How many wrong passwords came from an address lately."""

    MOST = 10_000  # addresses remembered

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._wrong: dict[str, list[float]] = {}

    def is_out(self, address: str) -> bool:
        """Whether the address must wait."""
        return len(self._lately(address)) >= TRIES

    def note_wrong(self, address: str) -> None:
        """Count one more wrong password from the address."""
        if len(self._wrong) >= self.MOST:
            self._wrong = {known: times for known in self._wrong if (times := self._lately(known))}
        if len(self._wrong) < self.MOST:
            self._wrong[address] = [*self._lately(address), self._clock()]

    def _lately(self, address: str) -> list[float]:
        return [moment for moment in self._wrong.get(address, []) if self._clock() - moment < SPAN]


class Login(AuthProvider):
    """For bokeh's server: a request with a good cookie is served, any other is sent to the login page."""

    def __init__(self, passwords: Passwords, language: str = "zh"):
        self.passwords, self.patience, self.language = passwords, Patience(), language
        super().__init__()

    @property
    def get_user(self) -> Callable[[Any], Any]:
        return user_of

    @property
    def login_url(self) -> str:
        return "/login"

    @property
    def login_handler(self) -> type[RequestHandler]:
        return LoginHandler

    @property
    def logout_url(self) -> str:
        return "/logout"

    @property
    def logout_handler(self) -> type[RequestHandler]:
        return LogoutHandler


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
        address = self.request.remote_ip or ""
        if self._login.patience.is_out(address):
            self.set_status(429)
            self._show("many")
            return
        who = self._login.passwords.who(self.get_body_argument("name", ""), self.get_body_argument("password", ""))
        if who is None:
            self._login.patience.note_wrong(address)
            await asyncio.sleep(PAUSE)
            self.set_status(403)
            self._show("wrong")
            return
        self.set_signed_cookie(COOKIE, who, expires_days=DAYS, httponly=True, samesite="Lax")
        self.redirect(self._next())

    def _next(self) -> str:
        """The page that was asked for, with its settings; never another server."""
        query = urlsplit(self.get_argument("next", "/")).query
        return f"/?{query}" if query else "/"

    def _show(self, trouble: str) -> None:
        language = self.get_argument("language", self._login.language)
        self.set_header("Cache-Control", "no-store")
        self.finish(login_page(trouble, self._login.passwords.has_names, self._next(), language))


class LogoutHandler(RequestHandler):
    """Forgets the cookie."""

    def get(self) -> None:
        self.clear_cookie(COOKIE)
        self.redirect("/login")


TROUBLE = {
    "": ("", ""),
    "wrong": ("密码不正确。", "That is not the password."),
    "many": ("尝试次数过多，请一分钟后再试。", "Too many tries; please wait a minute."),
}
PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="icon" href="/favicon.ico"><style>
body {{font-family: "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; background: #eef2f6; margin: 0;
 display: grid; place-items: center; min-height: 100vh; color: #1b2a38;}}
form {{background: #fff; padding: 32px; border-radius: 6px; width: 300px; box-shadow: 0 1px 6px rgba(0,0,0,.2);}}
h1 {{font-size: 1.25rem; margin: 0 0 20px;}} h1 small {{display: block; font-weight: 400; font-size: .85rem;}}
label {{display: block; margin-bottom: 14px;}} .trouble {{color: #a33f00;}}
input {{width: 100%; box-sizing: border-box; padding: 8px; font: inherit; margin-top: 4px;}}
button {{width: 100%; padding: 9px; font: inherit; color: #fff; background: #1f4e79; border: 0; border-radius: 4px;}}
</style></head><body><form method="post" action="/login"><h1>{title}<small>{other_title}</small></h1>{trouble}{name}
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
        lang="en" if language == "en" else "zh-CN", title=title, other_title=other, next=html(then),
        trouble=f'<p class="trouble" role="alert">{" ".join(sentences[order])}</p>' if trouble else "",
        name=field.format(both("姓名", "Name")) if has_names else "",
        password=both("密码", "Password"), enter=both("进入", "Enter"),
    )  # fmt: skip
