// Runs in each document before its own scripts, and notes times as ms since 1970 so that frames can be compared.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const visible = (element) => element?.checkVisibility({ visibilityProperty: true }) ?? false;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const texts = (selector) => all(selector).filter(visible).map((each) => each.textContent.trim());
  const loading = () => all("[role=status][aria-label^=Loading]").some(visible);
  /** Whether the document can be used; `/` is any other page. */
  const USABLE = {
    chat: () => all("main textarea:not(:disabled)").some(visible) && texts("[role=log] p").some(Boolean),
    admin: () => texts("main h1").some(Boolean) && !loading(),
    agent: () => texts("nav h2").some(Boolean) && !loading(),
    "": () => visible(document.querySelector("frontdesk-chat")?.shadowRoot?.querySelector("button")),
  };
  const isUsable = USABLE[location.pathname.split("/")[1]] ?? USABLE[""];
  /** The condition has to last so long: between two calls of a page nothing is loading. */
  const QUIET_MS = 250;

  const seen = (window.seen = { shift: 0, from: 0, longest: 0, calls: 0, usable: 0, clicked: 0, shown: 0, first: 0, whole: 0 });
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) seen.shift += value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    const tasks = list.getEntries().filter(({ startTime }) => startTime >= seen.from);
    seen.longest = Math.max(seen.longest, ...tasks.map(({ duration }) => duration));
  }).observe({ type: "longtask", buffered: true });
  window.addEventListener("click", () => (seen.clicked = now()), true);

  const { fetch } = window;
  window.fetch = async (...request) => {
    const streams = String(request[0]?.url ?? request[0]).includes("/Watch");
    if (!streams) seen.calls += 1;
    try {
      return await fetch.apply(window, request);
    } finally {
      if (!streams) seen.calls -= 1;
    }
  };

  let since = 0;
  const look = () => {
    if (seen.from) return; // a list is scrolled: looking for words lets the browser lay the page out
    const frame = document.querySelector("frontdesk-chat")?.shadowRoot?.querySelector("iframe");
    if (!visible(frame)) seen.shown = 0;
    else if (!seen.shown) seen.shown = now();
    if (!isUsable() || seen.calls > 0) since = 0;
    else if (!since) since = now();
    if (since && now() - since >= QUIET_MS) seen.usable ||= since;
    requestAnimationFrame(look);
  };
  look();

  /** Waits until all of these are noted. (A page's policy forbids what Playwright would wait with.) */
  window.noted = (names, patienceMs) =>
    new Promise((done, fail) => {
      const until = now() + patienceMs;
      const wait = () => {
        if (names.every((name) => seen[name] > 0)) done({ ...seen });
        else if (now() > until) fail(new Error(`${location.pathname} has not noted ${names}: ${JSON.stringify(seen)}`));
        else setTimeout(wait, 10);
      };
      wait();
    });

  /** Follows the answer to the question that is sent next. */
  window.followAnswer = () => {
    seen.asked = seen.first = seen.whole = 0;
    const answers = () => all("[role=log] .message[data-role=assistant]").length;
    const before = answers();
    const begin = ({ key }) => {
      if (key === "Enter") seen.asked ||= now();
    };
    window.addEventListener("keydown", begin, true);
    const follow = () => {
      const live = document.querySelector("[data-live]")?.textContent.trim();
      const done = answers() > before && !document.querySelector("[data-live]");
      if (seen.asked && (live || done)) seen.first ||= now();
      if (!seen.asked || !done) return requestAnimationFrame(follow);
      seen.whole = now();
      window.removeEventListener("keydown", begin, true);
    };
    follow();
  };
})();
