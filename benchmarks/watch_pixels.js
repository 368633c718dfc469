// Moves a slider of the desk and says when every picture shows what follows. See desk_pixels.py.
(() => {
  const painted = new WeakMap();  // canvas -> when it was cleared, which is how each painting begins
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    painted.get(this.canvas)?.push(performance.now());
    return clear.apply(this, box);
  };

  // Goes through shadow roots, where the desk's texts and pictures are.
  const every = (root, found = []) => {
    for (const node of root.querySelectorAll("*")) {
      found.push(node);
      if (node.shadowRoot) every(node.shadowRoot, found);
    }
    return found;
  };
  const is = (name) => (node) => node.classList && node.classList.contains(name);

  // Every picture of the page that is open: the canvases it is painted on, the sources of its numbers.
  const views = (some, found = []) => {
    for (const view of some) {
      found.push(view);
      views(view.child_views || [], found);
    }
    return found;
  };
  const isShown = (el) => el.isConnected && el.getBoundingClientRect().width > 0
    && el.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true});
  const pictures = () => views([...Bokeh.index])
    .filter((view) => view.model.type === "Figure" && isShown(view.el))
    .map((view) => ({
      canvases: every(view.shadow_el || view.el).filter((node) => node.tagName === "CANVAS" && node.width > 0),
      sources: view.model.renderers.map((renderer) => renderer.data_source),
      began: 0, changed: 0,  // when the first new numbers came, and the last
    }));
  const pixels = (canvas) => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 17;
    for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i] + 7 * data[i + 1] + 13 * data[i + 2]) | 0;
    return sum;
  };
  const look = (picture) => picture.canvases.map(pixels).join();
  const frame = () => new Promise(requestAnimationFrame);

  // Both apart from the move, since reading pixels takes long.
  let seen = [], before = [];
  window.lookAtPictures = () => {
    seen = pictures();
    before = seen.map(look);
  };
  window.newPictures = () => seen.filter((picture, n) => look(picture) !== before[n]).length;

  // What was last told counts: a move is over when the page is not busy and no numbers have come for a while.
  const QUIET = 400, PATIENCE = 60000;

  window.moveSlider = async (slider, {value, trials}) => {
    const shown = pictures(), status = every(document).find(is("status")).getRootNode(), frames = [];
    for (const picture of shown) for (const canvas of picture.canvases) painted.set(canvas, []);
    const followed = shown.flatMap((picture) => picture.sources.map((source) => {
      const note = () => {
        picture.changed = performance.now();
        picture.began ||= picture.changed;
      };
      source.properties.data.change.connect(note);
      return () => source.properties.data.change.disconnect(note);
    }));
    await frame();
    const start = performance.now();
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    set.call(slider, String(value));
    for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, {bubbles: true}));
    const last = () => Math.max(0, ...shown.map((picture) => picture.changed));
    const paintAfter = ({canvases}, when) => {  // the first after its numbers came
      const paints = canvases.flatMap((canvas) => painted.get(canvas)).filter((at) => at > when);
      return paints.length ? Math.min(...paints) : Infinity;
    };
    const isPainted = (picture) => !picture.changed || paintAfter(picture, picture.changed) < Infinity;
    const isBusy = () => every(status).some(is("busy"));
    do {
      await frame();
      frames.push(performance.now());
    } while (!(last() && !isBusy() && performance.now() - last() > QUIET && shown.every(isPainted))
      && performance.now() - start < PATIENCE);
    for (const leave of followed) leave();
    const changed = shown.filter((picture) => picture.changed);
    const shownAt = (paint) => frames.find((at) => at > paint) - start;
    const texts = every(status).find(is("status")).innerText;
    return {
      first: shownAt(Math.min(...changed.map((picture) => paintAfter(picture, picture.began)))),
      ms: shownAt(Math.max(...changed.map((picture) => paintAfter(picture, picture.changed)))),
      numbers: Math.max(0, last() - start), in_sight: shown.length, changed: changed.length, is_busy: isBusy(),
      of_all: texts.includes(trials.toLocaleString("en-US")),
    };
  };
})();
