// Says when a page of the desk stands in sight. See desk_pages.py.
(() => {
  // Goes through shadow roots, where the desk's texts and pictures are.
  function* every(root) {
    for (const node of root.querySelectorAll("*")) {
      yield node;
      if (node.shadowRoot) yield* every(node.shadowRoot);
    }
  }
  const views = (some) => some.flatMap((view) => [view, ...views(view.child_views ?? [])]);
  const pageOf = (key) => {
    for (const node of every(document)) if (node.classList?.contains(`page-${key}`)) return node;
    return null;
  };
  const isShown = (node) => {
    const {width, top} = node.getBoundingClientRect();
    return node.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})
      && getComputedStyle(node).contentVisibility !== "hidden" && width > 0 && top < innerHeight;
  };
  const frame = () => new Promise(requestAnimationFrame);
  const PATIENCE = 60000;

  // All of its parts in sight are there; what they paint comes with the next frame.
  const isThere = (view) => !view.el?.checkVisibility?.() || view.has_finished();
  const stands = (node) => {
    const page = views([...Bokeh.index]).find((view) => view.el === node);
    return isShown(node) && !!page && views([page]).every(isThere);
  };

  window.standing = async (key, start) => {
    let node = null;
    do {
      await frame();
      if (!node?.isConnected) node = window.Bokeh?.documents?.length ? pageOf(key) : null;
    } while (!(node && stands(node)) && performance.now() - start < PATIENCE);
    await frame();
    return performance.now() - start;
  };

  window.turnTo = (entry, key) => {
    const start = performance.now();
    entry.click();
    return standing(key, start);
  };
})();
