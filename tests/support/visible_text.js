// What a person sees of a page, shadow roots included. Loaded into every page of the browser tests.
window.look = (() => {
  const SILENT = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "TITLE"]);
  const LEAST_TYPE = 11, LEAST_WIDTH = 0.85;  // pixels; of the width there is
  const everywhere = {x0: -1e6, y0: -1e6, x1: 1e6, y1: 1e6};
  const box = (r) => ({x0: r.left, y0: r.top, x1: r.right, y1: r.bottom});
  const cut = (a, b) => ({x0: Math.max(a.x0, b.x0), y0: Math.max(a.y0, b.y0), x1: Math.min(a.x1, b.x1), y1: Math.min(a.y1, b.y1)});
  const width = (b) => b.x1 - b.x0, height = (b) => b.y1 - b.y0;
  const isIcon = (e) => /material-icons|material-symbols/.test(e.className?.toString?.() ?? "");

  // Every element that a selector names, in the shadow roots too: these are noted as they are made.
  const roots = [], {attachShadow} = Element.prototype;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    roots.push(new WeakRef(root));
    return root;
  };
  function find(selector) {
    const connected = roots.map((root) => root.deref()).filter((root) => root?.isConnected);
    return [document, ...connected].flatMap((root) => [...root.querySelectorAll(selector)]);
  }

  function* inside(node) {
    if (node.shadowRoot) yield* node.shadowRoot.childNodes;
    else if (node.tagName === "SLOT") yield* node.assignedNodes({flatten: true});
    else yield* node.childNodes;
  }

  // What an element's overflow lets be seen of an outer box: now, or once things have been scrolled to.
  function letThrough({now, ever}, node, style) {
    const own = box(node.getBoundingClientRect());
    for (const [low, high, way] of [["x0", "x1", style.overflowX], ["y0", "y1", style.overflowY]]) {
      if (way === "visible") continue;
      const inner = {...everywhere, [low]: own[low], [high]: own[high]};
      now = cut(now, inner);
      const isScrolled = way === "auto" || way === "scroll";
      ever = isScrolled ? {...ever, [low]: everywhere[low], [high]: everywhere[high]} : cut(ever, inner);
    }
    return {now, ever};
  }

  // Calls back for every element that is shown, with the parts of the page its ancestors let it show itself in: now, and
  // when it has been scrolled to.
  function walk(node, seen, clip = {now: everywhere, ever: everywhere}, within = "") {
    if (node.nodeType === Node.TEXT_NODE) { seen(node, clip, within); return; }
    if (node.nodeType !== Node.ELEMENT_NODE || SILENT.has(node.tagName) || isIcon(node)) return;
    const style = getComputedStyle(node);
    if (style.display === "none" || style.visibility === "hidden" || +style.opacity === 0) return;
    if (style.contentVisibility === "hidden") return;
    if (style.position === "fixed") clip = {now: everywhere, ever: everywhere};
    if (style.display !== "contents" && node !== document.body)
      clip = letThrough(clip, node, style);
    const names = node.classList ? [...node.classList].filter((name) => !/^(Mui|css-)/.test(name)) : [];
    within = `${within} ${names.join(" ")}`;
    seen(node, clip, within);
    const isFolded = node.tagName === "DETAILS" && !node.open;
    for (const child of inside(node)) if (!isFolded || child.tagName === "SUMMARY") walk(child, seen, clip, within);
  }

  // Every piece of text that is shown; `also` is given every node on the way, so that one walk serves many questions.
  function texts(root = document.body, also = () => {}) {
    const found = [];
    walk(root, (node, clip, within) => {
      also(node);
      if (node.nodeType === Node.ELEMENT_NODE) {
        if (node.tagName === "INPUT" && ["text", "number", "search", ""].includes(node.type) && node.placeholder && !node.value)
          found.push({text: node.placeholder, rects: [], within});
        return;
      }
      const text = node.textContent.replace(/\s+/g, " ").trim();
      if (!text) return;
      const range = document.createRange();
      range.selectNodeContents(node);
      const whole = [...range.getClientRects()].map(box).filter((r) => width(r) > 0.5 && height(r) > 0.5);
      const some = (r) => width(r) > 0.5 && height(r) > 0.5;
      const shown = whole.map((r) => cut(r, clip.now)).filter(some), ever = whole.map((r) => cut(r, clip.ever)).filter(some);
      if (shown.length || ever.length) found.push({text, rects: shown, whole, ever, within, node});
    });
    return found;
  }

  // Of each piece of text in sight its size in pixels.
  const sizes = () => texts().filter(({node}) => node).map(
    ({text, rects, node}) => ({text, rects: rects.filter((r) => r.y0 < innerHeight && r.y1 > 0), size: parseFloat(getComputedStyle(node.parentElement).fontSize)}));

  // Words in sight that are smaller than `least` pixels, on the page and in its pictures.
  function smallWords(least) {
    const small = [], units = {px: 1, pt: 4 / 3, em: 13};  // a figure's own type is 13 to 14 pixels
    const say = (what, size) => { if (size < least) small.push(`${what.slice(0, 40)} ${size}`); };
    const of = (text) => parseFloat(text) * units[text.slice(-2)];
    for (const {model} of views((view) => view.model.type === "Figure" && view.el?.isConnected)) {
      for (const axis of [...model.below, ...model.left]) say("axis", of(axis.major_label_text_font_size));
      for (const {glyph} of model.renderers) if (glyph?.text_font_size) say(glyph.type, of(glyph.text_font_size.value));
    }
    for (const {text, rects, size} of sizes()) if (rects.length) say(text, size);
    return small;
  }

  // --- icons ---

  const luminance = (colour) => {
    const part = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const isClear = (colour) => /^rgba\(.*, (0|0?\.\d+)\)$/.test(colour);
  function behind(node) {
    for (let at = node; at; at = at.assignedSlot ?? at.parentElement ?? at.getRootNode().host) {
      const {backgroundColor} = getComputedStyle(at);
      if (!isClear(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  }

  // Buttons whose icon hardly stands out from what it is drawn on: by less than 3 to 1 (WCAG 1.4.11).
  function faintIcons() {
    const found = [];
    walk(document.body, (node) => {
      if (node.tagName !== "BUTTON" || node.disabled || !node.getClientRects().length) return;
      const icon = node.querySelector("svg, [class*=material-icons], [class*=material-symbols]");
      if (!icon) return;
      const [high, low] = [getComputedStyle(icon).color, behind(node)].map(luminance).sort((a, b) => b - a);
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < 3) found.push(`${node.getAttribute("aria-label") || icon.textContent.trim()} ${ratio.toFixed(1)}`);
    });
    return found;
  }

  // What uses less than `least` of the width it has: the page beside the sidebar, a picture in its card.
  function narrow(least) {
    const found = [], say = (what, used) => { if (used < least) found.push(`${what} ${used.toFixed(2)}`); };
    let page = null, right = 0;
    walk(document.body, (node) => {
      if (node.classList?.contains("desk-page")) page = box(node.getBoundingClientRect());
      if (node.classList?.contains("picture-card") || node.tagName === "TABLE")
        right = Math.max(right, node.getBoundingClientRect().right);
    });
    if (page) say("page", (right - page.x0) / (innerWidth - page.x0));
    for (const plot of views((view) => view.model.type === "Figure" && isShown(view))) {
      let up = plot;
      while (up && !up.el.classList?.contains("picture-card")) up = up.parent;
      if (up) say(texts(up.el)[0]?.text ?? "picture", plot.el.getBoundingClientRect().width / up.el.getBoundingClientRect().width);
    }
    return found;
  }

  const shown = (found) => found.map(({node, ...rest}) => rest);

  // Text that its box cuts off, or that runs out of the page at its right.
  function clipped(found) {
    const cards = [];
    for (const {text, whole, rects, ever, within} of found) {
      if (!whole || !ever.length) continue;
      const lost = whole.reduce((sum, r) => sum + width(r), 0) - ever.reduce((sum, r) => sum + width(r), 0);
      const low = Math.max(...whole.map((r, i) => height(r) - (ever[i] ? height(ever[i]) : 0)));
      const right = Math.max(0, ...rects.map((r) => r.x1));
      if (lost > 1.5 || low > 5 || right > innerWidth + 1) cards.push(`${text.slice(0, 60)} [${within.trim().slice(-60)}]`);
    }
    return cards;
  }

  // Whether an ellipsis stands for the end of an element's text: that hides from ranges.
  function isShortened(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return false;
    const style = getComputedStyle(node);
    const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim());
    return own && style.textOverflow === "ellipsis" && style.overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1;
  }

  // Pairs of texts that lie on one another.
  function overlapping(found) {
    const all = found.flatMap((one) => one.rects.map((rect) => ({...one, rect})));
    all.sort((a, b) => a.rect.y0 - b.rect.y0);
    const pairs = [];
    for (let i = 0; i < all.length; i++)
      for (let j = i + 1; j < all.length && all[j].rect.y0 < all[i].rect.y1; j++) {
        const both = cut(all[i].rect, all[j].rect);
        const low = Math.min(height(all[i].rect), height(all[j].rect));
        if (all[i].node !== all[j].node && width(both) > 2 && height(both) > 0.35 * low)
          pairs.push(`${all[i].text.slice(0, 40)} × ${all[j].text.slice(0, 40)}`);
      }
    return pairs;
  }

  // Cards that lie on one another, and what a card holds that is printed below it: now or once one has scrolled there.
  function outOfCards() {
    const cards = [], found = [];
    const isCard = (node) => node.classList?.contains("picture-card");
    walk(document.body, (node) => { if (isCard(node)) cards.push({node, name: texts(node)[0]?.text ?? "", rect: box(node.getBoundingClientRect())}); });
    cards.forEach(({node, name, rect}, i) => {
      for (const {text, ever} of texts(node))
        for (const r of ever ?? [])
          if (r.y1 > rect.y1 + 1 || r.x1 > rect.x1 + 1) found.push(`${text.slice(0, 40)} out of ${name}`);
      for (const other of cards.slice(i + 1)) {
        const both = cut(rect, other.rect);
        if (width(both) > 2 && height(both) > 2) found.push(`${name} × ${other.name}`);
      }
    });
    return {cards: cards.map((one) => one.name), found};
  }

  // Neither it nor anything it stands in is hidden.
  const isSeen = (node) => node.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && getComputedStyle(node).contentVisibility !== "hidden";

  const canvases = (root, found = []) => {
    walk(root, (node) => { if (node.tagName === "CANVAS") found.push(node); });
    return found;
  };

  // --- text inside pictures: bokeh draws it on a canvas, but knows where ---

  const views = (is) => [...Bokeh.index.query((view) => view.model && is(view))];
  const hull = (rect) => {
    const xs = [rect.p0, rect.p1, rect.p2, rect.p3].map((p) => p.x), ys = [rect.p0, rect.p1, rect.p2, rect.p3].map((p) => p.y);
    return {x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys)};
  };
  const isInside = (view, plot) => { for (let up = view; up; up = up.parent) if (up === plot) return true; return false; };
  const isShown = (view) => view.el?.isConnected && view.el.getClientRects().length > 0 && view.el.checkVisibility();

  function labelsOf(plot) {
    const found = [];
    for (const renderer of views((view) => view.model.type === "GlyphRenderer" && view.glyph?.model.type === "Text" && view.model.visible)) {
      if (!isInside(renderer, plot)) continue;
      const glyph = renderer.glyph;
      for (let i = 0; i < (glyph.labels?.length ?? 0); i++) {
        const text = `${glyph.labels[i]?.text ?? ""}`;
        if (text.trim() && Number.isFinite(glyph.sx[i])) found.push({text, rect: hull(glyph.rect_i(i)), kind: "label"});
      }
    }
    for (const axis of views((view) => view.model.type?.endsWith("Axis") && view.model.visible)) {
      if (!isInside(axis, plot)) continue;
      const ticks = axis.tick_coords.major[axis.dimension], boxes = axis.compute_labels(ticks);
      boxes.visuals = axis.visuals.major_label_text.values();
      const [sxs, sys] = axis.scoords(axis.tick_coords.major);
      boxes.items.forEach((label, i) => {
        const size = label.size?.() ?? {width: 0, height: 0}, text = `${label.text ?? ""}`;
        const low = axis.dimension === 0 ? sxs[i] - size.width / 2 : sys[i] - size.height / 2;
        const high = axis.dimension === 0 ? sxs[i] + size.width / 2 : sys[i] + size.height / 2;
        const turned = axis.model.major_label_orientation !== "horizontal" && axis.model.major_label_orientation !== 0;
        if (text.trim() && !turned) found.push({text, low, high, kind: `axis ${axis.dimension}`});
      });
      if (axis.model.axis_label) found.push({text: `${axis.model.axis_label?.text ?? axis.model.axis_label}`, kind: "axis label"});
    }
    return found;
  }

  // Which of a picture's texts lie on one another or are cut off at its frame.
  function faultsOf(labels, frame) {
    const faults = [];
    labels.forEach((one, i) => {
      if (one.kind === "label") {
        const {x0, x1, y0, y1} = one.rect;
        if (x0 < frame.left - 3 || x1 > frame.right + 3 || y0 < frame.top - 3 || y1 > frame.bottom + 3) faults.push(`cut off: ${one.text}`);
      }
      labels.slice(i + 1).forEach((other) => {
        if (one.kind !== other.kind) return;
        if (one.kind === "label") {
          const both = cut(one.rect, other.rect);
          if (width(both) > 2 && height(both) > 3) faults.push(`${one.text} × ${other.text}`);
        } else if (one.kind !== "axis label" && Math.min(one.high, other.high) - Math.max(one.low, other.low) > 1)
          faults.push(`ticks ${one.text} × ${other.text}`);
      });
    });
    return faults;
  }

  // Rows and columns of a picture that its grid is drawn on.
  function gridOf(plot) {
    const rows = new Set(), columns = new Set();
    for (const grid of views((view) => view.model.type === "Grid" && view.model.visible && isInside(view, plot))) {
      const [xs, ys] = grid.grid_coords("major");
      xs.forEach((x, i) => {
        const [sx, sy] = grid.coordinates.map_to_screen(x, ys[i]);
        const isColumn = Math.abs(sx[0] - sx[sx.length - 1]) < 1;
        for (const off of [-1, 0, 1]) (isColumn ? columns : rows).add(Math.round(isColumn ? sx[0] : sy[0]) + off);
      });
    }
    return {rows, columns};
  }

  // How much of a picture's frame shows something else than its background, the grid left out.
  function painted(plot) {
    const canvas = canvases(plot.el).sort((a, b) => b.width * b.height - a.width * a.height)[0];
    if (!canvas) return 0;
    const {left, top, width, height} = plot.frame.bbox, ratio = canvas.width / canvas.getBoundingClientRect().width;
    const [wide, high] = [Math.floor(width * ratio), Math.floor(height * ratio)];
    if (wide < 1 || high < 1) return 0;
    const pixels = new Uint32Array(canvas.getContext("2d").getImageData(left * ratio, top * ratio, wide, high).data.buffer);
    const {rows, columns} = gridOf(plot), count = new Map();
    let looked = 0;
    for (let y = 0; y < high; y++) {
      if (rows.has(Math.round(top + y / ratio))) continue;
      for (let x = 0; x < wide; x++) {
        if (columns.has(Math.round(left + x / ratio))) continue;
        const colour = pixels[y * wide + x];
        count.set(colour, (count.get(colour) ?? 0) + 1);
        looked += 1;
      }
    }
    return looked ? 1 - Math.max(...count.values()) / looked : 0;
  }

  // Of every picture that is shown: its texts, what is wrong with them, how much is painted, and whether that is a sentence.
  function pictures() {
    return views((view) => view.model.type === "Figure" && isShown(view)).map((plot) => {
      const labels = labelsOf(plot);
      const isSentence = plot.model.renderers.every((one) => one.glyph?.type === "Text") && labels.some((one) => one.kind === "label");
      return {texts: labels.map((one) => one.text), faults: faultsOf(labels, plot.frame.bbox), painted: painted(plot), isSentence};
    });
  }

  // The name of a card for a picture in which there is none.
  const emptyCard = (node) => {
    const name = [...(node.classList ?? [])].find((one) => one.startsWith("card-"));
    return name && !canvases(node).length ? [name] : [];
  };

  // What has opened in front of the page: a list to choose from, an explanation.
  const front = (role) => find(`[role=${role}]`).filter(isSeen).at(-1);

  const shows = (name, least = 40) =>
    find(`.${CSS.escape(name)}`).some((node) => isSeen(node) && node.getBoundingClientRect().height > least);

  // By the colour behind everything.
  const theme = () => {
    const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
    return red + green + blue < 382 ? "dark" : "default";
  };

  const attributesOf = (node) => ["aria-label", "title", "placeholder", "alt"].filter((name) => node.getAttribute?.(name))
    .map((name) => ({text: node.getAttribute(name), within: name}));

  // What would still move: parts with a transition or an animation longer than a blink.
  function movements() {
    const found = new Set();
    walk(document.body, (node) => {
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const {transitionProperty, transitionDuration, animationName, animationDuration} = getComputedStyle(node);
      const isLong = (times) => times.split(",").some((time) => parseFloat(time) * (time.includes("ms") ? 1 : 1000) > 10);
      if ((transitionProperty !== "none" && isLong(transitionDuration)) || (animationName !== "none" && isLong(animationDuration)))
        found.add(`${node.tagName}.${node.className}`.slice(0, 80));
    });
    return [...found];
  }

  // All of it at once, of the whole page or of what has opened in front of it.
  function everything(role) {
    const attributes = [], shortened = [], empty = [];
    const found = texts(role ? front(role) : document.body, (node) => {
      attributes.push(...attributesOf(node));
      if (isShortened(node)) shortened.push(`${node.textContent.trim().slice(0, 60)} […]`);
      if (!role) empty.push(...emptyCard(node));
    });
    const words = {texts: shown(found), attributes, clipped: [...clipped(found), ...shortened], overlapping: overlapping(found)};
    if (role) return {...words, pictures: [], empty, small: [], faint: [], narrow: []};
    return {...words, pictures: pictures(), empty, small: smallWords(LEAST_TYPE), faint: faintIcons(),
      narrow: narrow(LEAST_WIDTH)};
  }

  return {
    texts: (...given) => shown(texts(...given)), says: (text) => texts().some((one) => one.text.includes(text)),
    everything, find, isShortened, outOfCards, faintIcons, narrow, movements, shows, sizes, smallWords, theme, walk, canvases, views, isShown,
    isInFront: (role) => !!front(role),
  };
})();
