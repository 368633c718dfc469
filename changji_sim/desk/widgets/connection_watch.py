"""Watches the connection to the server: a lost one is said at once, and the page comes back by itself.

Bokeh announces a socket that was closed, and Panel's ``reconnect`` takes it up again, but gives up before a minute, is
silent while nothing arrives at all, and leaves out what the server sent meanwhile. So the page asks the server twice a
second whether it is there. While it is not, a dialog over the page blocks every control and marks all numbers as old;
once it is there again, the page is loaded anew from its address, which has the settings.
"""

from __future__ import annotations

from typing import Any

import param

from ...views import FONTS
from .scripted import Scripted
from .ui_text import PictureTranslator

ALIVE = "alive"  # what is asked for, beside the page
LOST = (
    "与看板服务器的连接已中断。页面上是 {time} 以前的数字，可能已经过时，暂不能操作。"
    "正在自动重新连接；设置都在网址中，恢复后页面自动刷新（中断前几秒内的改动请再核对一次）。",
    "The connection to the desk's server is lost. The numbers are those of before {time} and may be old; nothing can "
    "be changed now. It reconnects by itself: the address has the settings, and the page is then loaded anew (please "
    "check what was changed in the last seconds before).",
)
OLD = ("旧数字", "old numbers")


class ConnectionWatch(Scripted):
    """A part of no size; a page of its own has one."""

    alive = param.String(ALIVE, doc="Where the server answers whether it is there.")
    lost = param.String(doc="What the notice says; {time} is when the connection was lost.")
    old = param.String(doc="What is written over the old numbers.")
    language = param.String("zh-CN", doc="Of the notice, as HTML writes it.")

    _esm = """
const EVERY = 500, PATIENCE = 1300;  // ms between two questions, and for an answer: together less than two seconds
const LATE = 100;  // ms that a timer of a page that has time is late at most
const ASLEEP = 5000;  // ms without a question, after which the socket may be dead although nobody said so
const ANSWER = 1500;  // ms for an answer over the socket

const STYLE = (old) => {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="260" height="150"><text x="20" y="110" `
    + `transform="rotate(-20 130 75)" font-size="30" fill="rgb(140,60,0)" fill-opacity=".3">${old}</text></svg>`;
  return `
dialog.connection-lost {
  position: fixed; top: 14px; margin: 0 auto; max-width: 46rem; border: 0; border-left: 8px solid #D55E00;
  border-radius: 6px; padding: 14px 20px; background: #fff; color: #1b2a38; box-shadow: 0 4px 24px rgba(0,0,0,.45);
  font: 500 1.05rem/1.6 FONTS;
}
dialog.connection-lost::backdrop {
  background: url("data:image/svg+xml,${encodeURIComponent(text)}"), rgba(225,225,225,.6);
  backdrop-filter: grayscale(1);
}`;
};

const pause = (time) => new Promise((done) => setTimeout(done, time));

export function render({model, view, el}) {
  el.style.display = "none";
  let isEnded = false, isClosed = false, dialog = null, asked = performance.now(), heard = null;

  function say() {
    if (dialog || isEnded) return;
    const time = new Date().toLocaleTimeString(model.language, {hour12: false});
    const style = document.createElement("style");
    style.textContent = STYLE(model.old);
    dialog = document.createElement("dialog");
    dialog.className = "connection-lost";
    dialog.lang = model.language;
    dialog.setAttribute("role", "alertdialog");
    dialog.setAttribute("closedby", "none");
    dialog.append(style, model.lost.replace("{time}", time));
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => dialog?.showModal());
    document.body.append(dialog);
    dialog.showModal();  // all else is inert: neither mouse nor keyboard reaches it
  }

  function unsay() {
    const shown = dialog;
    dialog = null;
    shown?.close();  // gives the focus back to where it was
    shown?.remove();
  }

  // Whether the server is there. A page that was busy itself hears an answer late: then the time does not count.
  async function isThere() {
    const stopping = new AbortController();
    let timer = null;
    function arm() {
      const due = performance.now() + PATIENCE;
      timer = setTimeout(() => performance.now() > due + LATE ? arm() : stopping.abort(), PATIENCE);
    }
    arm();
    try {
      return (await fetch(model.alive, {cache: "no-store", redirect: "error", signal: stopping.signal})).ok;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  // Whether this page's own socket still leads to its session. A server that is busy answers late: it is given time
  // from when it has answered another question that was asked after this one.
  async function isHeard() {
    if (isClosed) return false;
    const answer = new Promise((done) => { heard = () => done(true); });
    model.send_msg({});
    const later = fetch(`${model.alive}?busy`, {cache: "no-store"}).catch(() => {}).then(() => pause(ANSWER));
    return Promise.race([answer, later.then(() => false)]);
  }

  async function watch() {
    while (!isEnded) {
      const hasSlept = performance.now() - asked > ASLEEP;
      asked = performance.now();
      if (!await isThere()) say();
      else if (dialog || hasSlept) {
        if (await isHeard()) unsay();
        else if (!isEnded && await isThere()) return location.reload();
      }
      await pause(EVERY);
    }
  }

  const end = () => { isEnded = true; };
  const restored = (event) => { if (event.persisted) location.reload(); };
  const gone = () => say();
  view.model.document.on_event("connection_lost", () => { isClosed = true; say(); });
  model.on("msg:custom", () => heard?.());
  addEventListener("pagehide", end);
  addEventListener("pageshow", restored);
  addEventListener("offline", gone);
  model.on("remove", () => {
    end();
    unsay();
    removeEventListener("pagehide", end);
    removeEventListener("pageshow", restored);
    removeEventListener("offline", gone);
  });
  watch();
}
""".replace("FONTS", FONTS)

    def __init__(self, say: PictureTranslator):
        english = say.language == "en"
        super().__init__(
            lost=say(*LOST), old=say(*OLD), language="en" if english else "zh-CN", width=0, height=0, margin=0
        )

    def _handle_msg(self, msg: Any) -> None:
        """Answer a question over the socket."""
        self._send_msg({"is_heard": True})
