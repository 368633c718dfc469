"""Whom the server answers: requests under names it is known by, and what a named proxy says of where they come from.

Since tornado 6.6 a socket whose Origin is its Host is taken before the list of known origins is asked. A page of
another site whose name was made to lead to this machine would so reach the desk: hence the Host itself is checked, for
pages and sockets alike.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from tornado.escape import parse_qs_bytes
from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, HTTPServerRequest
from tornado.routing import Router
from tornado.web import Application, RequestHandler

from ...base.faults import Fault, FaultyInput
from ...base.messages import Message, message, text_of

Network = IPv4Network | IPv6Network
MOST_SAID = 50  # names that are told of once each: a log is no place for what others make up without end
WEB = ("", ":80", ":443")  # what a browser leaves out of a name, behind a proxy


def known_hosts(names: Iterable[str], known_as: Iterable[str], port: int) -> frozenset[str]:
    """The hosts, with their ports, under which browsers reach the server.

    Args:
        names: its own.
        known_as: others. One without a port stands for the server's port and for a proxy's usual ones.
    """
    found = {f"{name}:{port}" for name in names}
    for name in known_as:
        found |= {name} if has_port(name) else {f"{name}{end}" for end in (f":{port}", *WEB)}
    return frozenset(host.lower() for host in found)


def has_port(name: str) -> bool:
    """Whether a host is named with its port."""
    return name.rpartition(":")[2].isdigit() and (name.count(":") == 1 or "]:" in name)


def read_proxies(addresses: Sequence[str]) -> tuple[Network, ...]:
    """The addresses of proxies, each one address or a network (``10.0.0.0/24``).

    Raises:
        FaultyInput: one is no such address.
    """
    found: list[Network] = []
    faults = []
    for text in addresses:
        try:
            found.append(ip_network(text))
        except ValueError:
            what = message("a proxy is named by its IP address or network, such as 127.0.0.1 or 10.0.0.0/24")
            faults.append(Fault(f"--proxy {text}", what))
    if faults:
        raise FaultyInput(faults)
    return tuple(found)


class Guard(Router):
    """Stands before the application: hands on what comes under a known name, refuses the rest with a sentence.

    Args:
        hosts: see :func:`known_hosts`.
        proxies: machines whose ``X-Forwarded-…`` headers are believed; of any other they are ignored.
    """

    def __init__(self, application: Application, hosts: frozenset[str], proxies: Sequence[Network] = ()):
        self._application, self._hosts, self._proxies = application, hosts, proxies
        self._said: set[str] = set()

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> HTTPMessageDelegate | None:
        if self._is_proxy(request.remote_ip):
            self._believe(request)
        if request.query.count("?"):
            _end_at_second_mark(request)
        if request.host.lower() in self._hosts:
            return self._application.find_handler(request, **kwargs)
        refused = _refused(request.host)
        if request.host not in self._said and len(self._said) < MOST_SAID:
            self._said.add(request.host)
            logging.getLogger(__name__).error("%s", text_of(refused))
        return self._application.get_handler_delegate(request, Refused, {"what": refused})

    def is_known_host(self, headers: HTTPHeaders, address: str | None) -> bool:
        """Whether a request from an address comes under a known name."""
        host = headers.get("Host", "")
        return (_forwarded_host(headers, host) if self._is_proxy(address) else host).lower() in self._hosts

    def _is_proxy(self, address: str | None) -> bool:
        try:
            found = ip_address(address or "")
        except ValueError:
            return False
        return any(found in network for network in self._proxies)

    def _believe(self, request: HTTPServerRequest) -> None:
        """What the proxy says: who asked it, how, and under which name."""
        way = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
        for address in reversed(way):  # the last that is no proxy of ours: what stands before it, anyone may write
            request.remote_ip = address
            if not self._is_proxy(address):
                break
        protocol = request.headers.get("X-Forwarded-Proto", "")
        request.protocol = protocol if protocol in ("http", "https") else request.protocol
        request.host = _forwarded_host(request.headers, request.host)


def _forwarded_host(headers: HTTPHeaders, host: str) -> str:
    """The name under which a proxy was asked, or the one that it asks for itself."""
    return headers.get("X-Forwarded-Host", "").rpartition(",")[2].strip() or host


def _end_at_second_mark(request: HTTPServerRequest) -> None:
    """Leave out what stands behind a second question mark, as of an address pasted behind itself: Panel reads none."""
    request.query = request.query.partition("?")[0]
    request.uri = f"{request.path}?{request.query}"
    request.arguments = request.query_arguments = parse_qs_bytes(request.query, keep_blank_values=True)


class Refused(RequestHandler):
    """Says in both languages why nothing is shown, and what the one who started the desk can do."""

    def initialize(self, what: Message) -> None:
        self._what = what

    def prepare(self) -> None:
        self.set_status(421)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{self._what.text('zh')}\n\n{self._what.text('en')}\n")


def _refused(host: str) -> Message:
    short = "".join(one if one.isprintable() else "?" for one in host[:100])
    return message("refused a page opened as {host}; if that is this machine: --known-as {host}", host=short)
