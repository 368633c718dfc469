// Says when a page of the desk stands in sight. See desk_pages.py.
(() => {
  // Looked for seldom and briefly: a walk through all nodes, or a look in every frame, takes longer than the page.
  const views = (some) => some.flatMap((view) => [view, ...views(view.child_views ?? [])]);
  const viewOf = (key) => views([...Bokeh.index]).find(({model}) => model.css_classes?.includes(`page-${key}`));
  const isShown = (node) => {
    const {width, top} = node.getBoundingClientRect();
    return node.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})
      && getComputedStyle(node).contentVisibility !== "hidden" && width > 0 && top < innerHeight;
  };
  const frame = () => new Promise(requestAnimationFrame);
  const pause = () => new Promise((go) => setTimeout(go, LOOK));
  const LOOK = 25, PATIENCE = 60000;

  // All of its parts in sight are there; what they paint comes with the next frame.
  const isThere = (view) => view.has_finished() || !view.el?.checkVisibility?.();
  const stands = (page) => isShown(page.el) && views([page]).every(isThere);

  window.standing = async (key, start) => {
    let page = null;
    do {
      await pause();
      if (!page?.el.isConnected) page = window.Bokeh?.documents?.length ? viewOf(key) : null;
    } while (!(page && stands(page)) && performance.now() - start < PATIENCE);
    await frame();
    const taken = performance.now() - start;
    if (taken > PATIENCE) throw new Error(`the page ${key} did not come in ${PATIENCE / 1000} s`);
    return taken;
  };

  window.turnTo = (entry, key) => {
    const start = performance.now();
    entry.click();
    return standing(key, start);
  };
})();
