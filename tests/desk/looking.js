// What a person sees of a page, shadow roots included. Loaded into every page of the browser tests.
window.look = (() => {
  const SILENT = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "TITLE"]);
  const everywhere = {x0: -1e6, y0: -1e6, x1: 1e6, y1: 1e6};
  const box = (r) => ({x0: r.left, y0: r.top, x1: r.right, y1: r.bottom});
  const cut = (a, b) => ({x0: Math.max(a.x0, b.x0), y0: Math.max(a.y0, b.y0), x1: Math.min(a.x1, b.x1), y1: Math.min(a.y1, b.y1)});
  const width = (b) => b.x1 - b.x0, height = (b) => b.y1 - b.y0;
  const isIcon = (e) => /material-icons|material-symbols/.test(e.className?.toString?.() ?? "");

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
    if (style.position === "fixed") clip = {now: everywhere, ever: everywhere};
    if (style.display !== "contents" && node !== document.body)
      clip = letThrough(clip, node, style);
    const names = node.classList ? [...node.classList].filter((name) => !/^(Mui|css-)/.test(name)) : [];
    within = `${within} ${names.join(" ")}`;
    seen(node, clip, within);
    for (const child of inside(node)) walk(child, seen, clip, within);
  }

  function texts() {
    const found = [];
    walk(document.body, (node, clip, within) => {
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

  const shown = (found) => found.map(({node, ...rest}) => rest);

  // Text that its box cuts off, or that runs out of the page at its right.
  function clipped() {
    const cards = [];
    for (const {text, whole, rects, ever, within} of texts()) {
      if (!whole || !ever.length) continue;
      const lost = whole.reduce((sum, r) => sum + width(r), 0) - ever.reduce((sum, r) => sum + width(r), 0);
      const low = Math.max(...whole.map((r, i) => height(r) - (ever[i] ? height(ever[i]) : 0)));
      const right = Math.max(0, ...rects.map((r) => r.x1));
      if (lost > 1.5 || low > 5 || right > innerWidth + 1) cards.push(`${text.slice(0, 60)} [${within.trim().slice(-60)}]`);
    }
    walk(document.body, (node) => {  // an ellipsis hides from ranges
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const style = getComputedStyle(node);
      const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim());
      if (own && style.textOverflow === "ellipsis" && style.overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1)
        cards.push(`${node.textContent.trim().slice(0, 60)} […]`);
    });
    return cards;
  }

  // Pairs of texts that lie on one another.
  function overlapping() {
    const all = texts().flatMap((one) => one.rects.map((rect) => ({...one, rect})));
    all.sort((a, b) => a.rect.y0 - b.rect.y0);
    const found = [];
    for (let i = 0; i < all.length; i++)
      for (let j = i + 1; j < all.length && all[j].rect.y0 < all[i].rect.y1; j++) {
        const both = cut(all[i].rect, all[j].rect);
        const low = Math.min(height(all[i].rect), height(all[j].rect));
        if (all[i].node !== all[j].node && width(both) > 2 && height(both) > 0.35 * low)
          found.push(`${all[i].text.slice(0, 40)} × ${all[j].text.slice(0, 40)}`);
      }
    return found;
  }

  const canvases = (root, found = []) => {
    walk(root, (node) => { if (node.tagName === "CANVAS") found.push(node); });
    return found;
  };

  const cards = () => {
    const found = [];
    walk(document.body, (node) => { if (node.classList?.contains("picture-card")) found.push(node); });
    return found;
  };

  // Whether a canvas is that of a picture that says a sentence and draws nothing.
  const saysOnly = (canvas) => {
    const plot = views((view) => view.model.type === "Figure" && isShown(view)).find((one) => canvases(one.el).includes(canvas));
    return !!plot && plot.model.renderers.every((one) => one.glyph?.type === "Text") && labelsOf(plot).some((one) => one.kind === "label");
  };

  // Of every card with a picture: its name, how much of the largest canvas is painted, and whether that is a sentence.
  function painted() {
    return cards().map((card) => {
      const name = [...card.classList].find((one) => one.startsWith("card-")) ?? "";
      const largest = canvases(card).sort((a, b) => b.width * b.height - a.width * a.height)[0];
      if (!largest) return {name, canvas: false, share: 0};
      const {data} = largest.getContext("2d").getImageData(0, 0, largest.width, largest.height);
      const count = new Map();
      for (let i = 0; i < data.length; i += 4) {
        const colour = data[i + 3] < 8 ? 0 : (data[i] << 16) | (data[i + 1] << 8) | data[i + 2] | 0x1000000;
        count.set(colour, (count.get(colour) ?? 0) + 1);
      }
      const background = Math.max(...count.values());
      return {name, canvas: true, share: 1 - background / (data.length / 4), colours: count.size, words: saysOnly(largest)};
    });
  }

  // --- text inside pictures: bokeh draws it on a canvas, but knows where ---

  const views = (is) => [...Bokeh.index.query((view) => view.model && is(view))];
  const hull = (rect) => {
    const xs = [rect.p0, rect.p1, rect.p2, rect.p3].map((p) => p.x), ys = [rect.p0, rect.p1, rect.p2, rect.p3].map((p) => p.y);
    return {x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys)};
  };
  const isShown = (view) => view.el?.isConnected && view.el.getClientRects().length > 0;

  function labelsOf(plot) {
    const inside = (view) => { for (let up = view; up; up = up.parent) if (up === plot) return true; return false; };
    const found = [];
    for (const renderer of views((view) => view.model.type === "GlyphRenderer" && view.glyph?.model.type === "Text" && view.model.visible)) {
      if (!inside(renderer)) continue;
      const glyph = renderer.glyph;
      for (let i = 0; i < (glyph.labels?.length ?? 0); i++) {
        const text = `${glyph.labels[i]?.text ?? ""}`;
        if (text.trim() && Number.isFinite(glyph.sx[i])) found.push({text, rect: hull(glyph.rect_i(i)), kind: "label"});
      }
    }
    for (const axis of views((view) => view.model.type?.endsWith("Axis") && view.model.visible)) {
      if (!inside(axis)) continue;
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

  // Of every picture that is shown: its texts, and which of them lie on one another or are cut off at its frame.
  function pictures() {
    return views((view) => view.model.type === "Figure" && isShown(view)).map((plot) => {
      const labels = labelsOf(plot), faults = [], frame = plot.frame.bbox;
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
      return {texts: labels.map((one) => one.text), faults};
    });
  }

  let last = "", since = 0;
  // Idle, not computing, and the same to be seen for a moment.
  function isSettled() {
    if (!window.Bokeh?.documents?.length || !Bokeh.documents[0].is_idle) return false;
    const found = texts();
    if (found.some((one) => / busy/.test(one.within))) { last = ""; return false; }
    const now = JSON.stringify(found.map((one) => [one.text, one.rects])) + canvases(document.body).map((c) => `${c.width}x${c.height}`);
    if (now !== last) { last = now; since = performance.now(); return false; }
    return performance.now() - since > 450;
  }

  const shows = (name) => {
    let is = false;
    walk(document.body, (node) => { is ||= !!node.classList?.contains(name) && node.getBoundingClientRect().height > 40; });
    return is;
  };

  const attributes = () => {
    const found = [];
    walk(document.body, (node) => {
      for (const name of ["aria-label", "title", "placeholder", "alt"])
        if (node.getAttribute?.(name)) found.push({text: node.getAttribute(name), within: name});
    });
    return found;
  };

  return {texts: () => shown(texts()), says: (text) => texts().some((one) => one.text.includes(text)), clipped, overlapping, painted, pictures, isSettled, shows, attributes, walk};
})();
