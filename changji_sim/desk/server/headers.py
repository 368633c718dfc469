"""What goes with every answer of the desk's server: nothing from outside, nothing framed, no script but our own."""

from __future__ import annotations

import re
import secrets

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")
SWITCHING = 101  # to a socket
SCRIPT_TAG = re.compile(rb"<script(?=[\s>])")


def policy(host: str, nonce: str) -> str:
    """The content security policy of a page opened under ``host``.

    Bokeh needs ``unsafe-eval`` and blobs for its components, and writes styles into elements. A script inside the page
    runs only with the page's own number, and no attribute (``onerror=``) ever does.
    """
    sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    parts = {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{nonce}' 'unsafe-eval' blob:",
        "script-src-attr": "'none'",
        "style-src": "'self' 'unsafe-inline'",
        "connect-src": f"'self' blob: data:{sockets}",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {allowed}" for name, allowed in parts.items())


class SafeHeaders(OutputTransform):
    """Adds the headers to whatever a handler answers: pages, files, redirects and errors alike."""

    def __init__(self, request: HTTPServerRequest):
        self._host = request.host
        self._nonce = secrets.token_urlsafe(16)

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        headers["Content-Security-Policy"] = policy(self._host, self._nonce)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if status_code != SWITCHING:  # tornado's own option for this closes sockets too
            headers["Connection"] = "close"  # else a question whether the server is there waits in an open one
        for name in ("Server", "Access-Control-Allow-Origin", "Access-Control-Allow-Headers"):
            headers.pop(name, None)  # bokeh lets any site embed its pages
        if finishing and headers.get("Content-Type", "").startswith("text/html"):
            chunk = SCRIPT_TAG.sub(b'<script nonce="%s"' % self._nonce.encode(), chunk)
            if "Content-Length" in headers:
                headers["Content-Length"] = str(len(chunk))
        return status_code, headers, chunk
