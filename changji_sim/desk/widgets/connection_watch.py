"""Watches the connection to the server: a lost one is said at once, and the page comes back by itself.

Bokeh announces a socket that was closed, and Panel's ``reconnect`` takes it up again, but gives up before a minute, is
silent while nothing arrives at all, and leaves out what the server sent meanwhile. So the page asks the server twice a
second whether it is there. While it does not say so, a dialog over the page blocks every control and marks all numbers
as old. Once it is there again, the page goes on where its own socket still carries, as after a moment in which the
server had no time; else it is loaded anew from its address, which has the settings.
"""

from __future__ import annotations

from typing import Any

import param

from ...views import FONTS
from .scripted import Scripted
from .ui_text import PictureTranslator

ALIVE = "alive"  # what is asked for, beside the page
LOST = (
    "与看板服务器的连接已中断。页面上是{time}以前的数字，可能已经过时，暂不能操作。"
    "正在自动重新连接；恢复后页面自动更新，设置保留（中断前几秒内的改动请再核对一次）。",
    "The connection to the desk's server is lost. The numbers are those of before {time} and may be old; nothing can "
    "be changed now. It reconnects by itself: the page is then brought up to date and keeps its settings (please check "
    "what was changed in the last seconds before).",
)
OLD = ("旧数字", "old numbers")


class ConnectionWatch(Scripted):
    """A part of no size; a page of its own has one."""

    alive = param.String(ALIVE, doc="Where the server answers whether it is there.")
    lost = param.String(doc="What the notice says; {time} is when the connection was lost.")
    old = param.String(doc="What is written over the old numbers.")
    language = param.String("zh-CN", doc="Of the notice, as HTML writes it.")

    _esm = """
const EVERY = 400, PATIENCE = 1450;  // ms between two questions, and for an answer: together less than two seconds
const LATE = 100;  // ms that a timer of a page that has time is late at most
const ASLEEP = 5000;  // ms without a question, after which the socket may be dead although nobody said so
const ASKED = 3, ANSWER = 400;  // times that the socket is looked at before it is given up, and ms after each
const BUSY = 20000;  // ms in which a server that is busy answers all the same

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

  // Whether the server answers in time. A page that was busy itself hears an answer late: then the time does not count.
  async function answers(question, patience) {
    const stopping = new AbortController();
    let timer = null;
    function arm() {
      const due = performance.now() + patience;
      timer = setTimeout(() => performance.now() > due + LATE ? arm() : stopping.abort(), patience);
    }
    arm();
    try {
      return (await fetch(question, {cache: "no-store", redirect: "error", signal: stopping.signal})).ok;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
  const isThere = () => answers(model.alive, PATIENCE);

  // Whether the server's loop answers, however busy it is; not waited for once nothing else is answered either.
  async function isLoopThere() {
    let is = null;
    const later = answers(`${model.alive}?busy`, BUSY).then((found) => { is = found; });
    while (is === null) {
      await Promise.race([later, pause(EVERY)]);
      if (is === null && !await isThere()) { say(); return false; }
    }
    return is;
  }

  // Whether this page's own socket still leads to its session; null where nobody knows yet. A server that is busy
  // answers late: what the page says over the socket is given up only after the loop has answered what was asked later.
  async function isHeard() {
    if (isClosed) return false;
    let is = false;
    const answer = new Promise((done) => { heard = () => { is = true; done(); }; });
    model.send_msg({});
    for (let n = 0; n < ASKED && !is && !isClosed; n++) {
      if (!await isLoopThere()) return null;
      await Promise.race([answer, pause(ANSWER)]);
    }
    return is && !isClosed;
  }

  async function watch() {
    let isDoubtful = false;
    while (!isEnded) {
      isDoubtful ||= performance.now() - asked > ASLEEP;
      asked = performance.now();
      if (!await isThere()) say();
      else if (dialog || isDoubtful) {
        const is = await isHeard();
        if (is) { unsay(); isDoubtful = false; asked = performance.now(); }
        else if (is === false && !isEnded && await isThere()) return location.reload();
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
