/**
 * Bars that stay at an edge of the screen while the page scrolls. Each gives the page its height: the page scrolls a focused element
 * clear of it (`scroll-padding` in theme.css), and toasts stay above the one at the bottom.
 */

const BOTTOM_MARGIN_PX = 16;

/** As the `ref` of a bar at the top. */
export function topBar(bar: HTMLElement | null): (() => void) | undefined {
  return bar ? pinned(bar, "--top-bar", 0) : undefined;
}

/** As the `ref` of a bar at the bottom. One that comes up over the field it is for, as Save does at the first change, moves that into view. */
export function bottomBar(bar: HTMLElement | null): (() => void) | undefined {
  return bar ? pinned(bar, "--bottom-bar", BOTTOM_MARGIN_PX, () => uncover(bar)) : undefined;
}

function pinned(bar: HTMLElement, property: string, marginPx: number, then?: () => void): () => void {
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => {
    style.setProperty(property, `${bar.offsetHeight + marginPx}px`);
    then?.();
  });
  observer.observe(bar);
  return () => {
    observer.disconnect();
    style.removeProperty(property);
  };
}

function uncover(bar: HTMLElement): void {
  const focused = document.activeElement;
  if (!focused || focused === document.body || bar.contains(focused)) return;
  const { top, bottom, height } = focused.getBoundingClientRect();
  const edge = bar.getBoundingClientRect().top;
  // Only what is on the screen and fits above the bar: no page jumps while someone writes in a long text.
  if (bottom > edge && top < window.innerHeight && height < edge) focused.scrollIntoView({ block: "nearest" });
}
