// Ways to spoil a page, each so that one of the checks must see it.
window.spoil = (() => {
  const put = (where, text) => document.body.insertAdjacentHTML("beforeend", `<div style="position: fixed; ${where}">${text}</div>`);
  const narrow = "width: 60px; overflow: hidden; white-space: nowrap;";
  const shown = (type) => look.views((view) => view.model.type === type && look.isShown(view.el?.isConnected ? view : view.parent));
  const labels = () => look.views((view) => view.model.type === "GlyphRenderer" && view.model.glyph.type === "Text" && look.isShown(view.parent));

  // All values of one of a label's columns become what is made of the first.
  function set(property, make) {
    for (const {model} of labels()) {
      const {field} = model.glyph[property], {data} = model.data_source;
      model.data_source.data = {...data, [field]: Array.from(data[field], () => make(data[field][0]))};
    }
  }

  return {
    sentence: () => put("left: 600px; top: 300px", "a long English sentence"),
    tooltip: () => document.body.insertAdjacentHTML("beforeend", "<p title='An explanation'></p>"),
    narrow: () => put(`left: 600px; top: 330px; ${narrow}`, "一句长长的话，放不下"),
    ellipsis: () => put(`left: 600px; top: 360px; ${narrow} text-overflow: ellipsis`, "又一句长长的话，放不下"),
    outside: () => put("left: 1430px; top: 390px; white-space: nowrap", "伸到窗外"),
    over: () => { put("left: 600px; top: 420px", "下面"); put("left: 605px; top: 422px", "压在上面"); },
    tiny: () => put("left: 600px; top: 450px; font-size: 8px", "小字"),
    faint: () => document.body.insertAdjacentHTML("beforeend", `<div style="position: fixed; left: 700px; top: 450px;
      background: #333"><button style="background: none; color: #000" aria-label="暗"><svg width="20" height="20"></svg>
      </button></div>`),
    ticks: () => {
      for (const {model} of shown("LinearAxis"))
        if (model.ticker.ticks) model.ticker.ticks = model.ticker.ticks.flatMap((tick) => [tick, tick * 1.001 + 0.001]);
    },
    together: () => { for (const axis of ["x", "y"]) set(axis, (first) => first); },
    english: () => set("text", () => "shortfall"),
    below: () => set("y", () => -1e6),
    blank: () => {  // axes and grid stay
      for (const plot of shown("Figure")) for (const one of plot.model.renderers) one.visible = false;
    },
    half: () => {
      for (const plot of shown("Figure")) plot.el.style.setProperty("width", "300px", "important");
    },
    gone: () => look.walk(document.body, (node) => {
      if (node.classList?.contains("card-fan")) for (const canvas of look.canvases(node)) canvas.remove();
    }),
  };
})();
