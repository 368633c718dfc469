// Whether a page has become what it is going to be. Loaded into every page of the browser tests before its own scripts.

// What is on its way between the page and its server.
window.traffic = (() => {
  const APART = 80;  // ms between two questions: the server gathers changes for 50 before it looks at them
  const unanswered = new Set();  // changes of ours that the server has not taken
  let socket = null, asked = 0, isAsking = false, hasNews = false, inVain = 0, answered = 0;

  const headOf = (data) => typeof data === "string" && data.length < 400 && data.includes('"msgtype"') ? JSON.parse(data) : null;

  function said(head) {
    if (head?.msgtype !== "PATCH-DOC") return;
    unanswered.add(head.msgid);
    listen();
  }

  function heard(head) {
    if (!head) return;
    unanswered.delete(head.reqid);
    if (head.msgtype === "PATCH-DOC") listen();
    if (head.reqid !== `question-${asked}`) return;
    [isAsking, answered, inVain] = [false, performance.now(), hasNews ? 0 : inVain + 1];
    hasNews = false;
  }

  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      socket = this;
      this.addEventListener("message", ({data}) => heard(headOf(data)));
    }
    send(data) {
      said(headOf(data));
      super.send(data);
    }
  };

  // Of bokeh's protocol: a question that changes nothing, answered after everything sent before it.
  function ask() {
    [isAsking, asked] = [true, asked + 1];
    for (const part of [{msgid: `question-${asked}`, msgtype: "SERVER-INFO-REQ"}, {}, {}]) socket.send(JSON.stringify(part));
  }

  // From now on: is there anything new?
  function listen() {
    [hasNews, inVain] = [isAsking, 0];
  }

  // Two questions in a row were answered, and nothing changed on either side meanwhile.
  function isQuiet() {
    if (socket?.readyState !== WebSocket.OPEN || unanswered.size || isAsking) return false;
    if (inVain < 2 && performance.now() - answered > APART) ask();
    return inVain >= 2;
  }

  return {isQuiet, listen};
})();

window.settling = (() => {
  // Style sheets that are not there yet: until they are, bokeh hides what they are for.
  const isAwaited = () => look.find("link[rel=stylesheet]").some((link) => !link.sheet);
  const unfinished = () => look.views((view) => view.has_finished && !view.has_finished() && look.isShown(view));

  // All that is seen, and whether any of it says that there is more to come; by one walk through the page.
  function sight() {
    const canvases = [], bars = [];
    const texts = look.texts(document.body, (node) => {
      if (node.tagName === "CANVAS") canvases.push([node.width, node.height]);
      if (node.classList?.contains("MuiLinearProgress-root") && node.getBoundingClientRect().height > 1) bars.push(node);
    });
    const busy = texts.filter((one) => / busy/.test(one.within)).map((one) => one.text);
    return {working: [...bars.map((node) => node.className), ...busy].join(" · "), all: JSON.stringify([texts.map((one) => [one.text, one.rects]), canvases])};
  }

  const STILL = 150;  // ms in which nothing may move
  let last = "", looked = 0;
  function reason() {
    if (!window.Bokeh?.documents?.[0]?.is_idle) return "for the page";
    if (!traffic.isQuiet()) return "for the server";
    if (isAwaited()) return "for style sheets";
    const parts = unfinished();
    if (parts.length) return `for parts: ${parts.map((view) => view.model.class_name ?? view.model.type)}`;
    if (last && performance.now() - looked < STILL) return "for what moves";
    const {working, all} = sight(), before = last;
    if (working) { last = ""; traffic.listen(); return `for numbers: ${working}`; }
    [last, looked] = [all, performance.now()];
    return all === before ? "" : "for what moves";
  }

  // A frame was drawn, and then twice there was nothing else to do. A browser that gives no frame for so long is asked
  // anew: now and then one is lost, and a promise of it would be waited for without end. A browser that draws frames on a
  // busy machine may have something to do all the time: it is not waited for longer than this, the rest says what moves.
  const LONG = 3000;  // ms
  const frame = (done) => requestAnimationFrame(done), idle = (done) => requestIdleCallback(done, {timeout: LONG / 2});
  const isLost = (given) => new Promise((done) => {
    given(() => done(false));
    setTimeout(() => done(true), LONG);
  });

  // What is still to be waited for, once the browser has nothing else to do; nothing, if all stands there and has not
  // moved for a moment, since it was asked for.
  async function waits(isAsked) {
    if (isAsked) { last = ""; traffic.listen(); }
    for (const given of [frame, idle, idle]) if (await isLost(given)) return `for the browser: ${given.name}`;
    return reason();
  }

  return {waits};
})();
