/**
 * The style of launcher and panel. It is in a constructed sheet of the shadow root: a page's content security policy does not
 * concern it, and important rules of `:host` win over all of the page's own.
 */
export const STYLE = `
:host {
  all: initial !important;
  display: block !important;
  position: fixed !important;
  inset: auto !important;
  width: 0 !important;
  height: 0 !important;
  margin: 0 !important;
  border: 0 !important;
  padding: 0 !important;
  overflow: visible !important;
  background: none !important;
  z-index: 2147483647 !important;
  direction: ltr !important;
}
@media print { :host { display: none !important } }
button, iframe, div, svg, span { box-sizing: border-box; margin: 0; padding: 0; border: 0 }
button {
  position: fixed;
  bottom: calc(20px + env(safe-area-inset-bottom, 0px));
  right: calc(20px + env(safe-area-inset-right, 0px));
  display: grid;
  place-items: center;
  width: 60px;
  height: 60px;
  border-radius: 50%;
  background: var(--accent, #0b6553);
  color: var(--on-accent, #fff);
  box-shadow: 0 1px 2px rgb(0 0 0 / .1), 0 14px 36px -10px rgb(0 0 0 / .4);
  cursor: pointer;
  font: 700 12px/1 system-ui, sans-serif;
  transition: transform .15s, background-color .15s;
}
button:hover { transform: scale(1.05) }
button:active { transform: scale(.95) }
button:focus-visible { outline: 3px solid var(--accent, #0b6553); outline-offset: 3px; box-shadow: 0 0 0 3px #fff, 0 14px 36px -10px rgb(0 0 0 / .4) }
svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round }
span {
  position: absolute;
  top: -2px;
  right: -2px;
  display: grid;
  place-items: center;
  min-width: 22px;
  height: 22px;
  padding: 0 5px;
  border: 2px solid #fff;
  border-radius: 11px;
  background: #b3261e;
  color: #fff;
}
span:empty, button[hidden] { display: none }
div {
  position: fixed;
  bottom: calc(96px + env(safe-area-inset-bottom, 0px));
  right: calc(20px + env(safe-area-inset-right, 0px));
  width: 408px;
  height: min(672px, 100vh - 128px);
  height: min(672px, 100dvh - 128px);
  overflow: hidden;
  border-radius: 24px;
  background: var(--surface, #fff);
  box-shadow: 0 0 0 1px rgb(0 0 0 / .1), 0 18px 50px -12px rgb(0 0 0 / .4);
  transform-origin: bottom right;
  transition: transform .2s, opacity .2s, visibility .2s;
}
div:not(.open) { visibility: hidden; opacity: 0; transform: translateY(10px); pointer-events: none }
iframe { display: block; width: 100%; height: 100%; background: var(--surface, #fff); color-scheme: light dark }
.left { right: auto; left: calc(20px + env(safe-area-inset-left, 0px)) }
@media (max-width: 640px), (max-height: 480px) {
  div, div.left {
    inset: 0;
    top: var(--top, 0);
    bottom: auto;
    width: 100%;
    height: 100vh;
    height: var(--height, 100dvh);
    border-radius: 0;
    box-shadow: none;
    padding: env(safe-area-inset-top, 0px) env(safe-area-inset-right, 0px) env(safe-area-inset-bottom, 0px) env(safe-area-inset-left, 0px);
  }
  button.open { visibility: hidden }
}
@media (prefers-reduced-motion: reduce) { button, div { transition: none } button:hover, button:active { transform: none } div:not(.open) { transform: none } }
@media (forced-colors: active) { button, span { border: 2px solid ButtonText } }
`;

/** The condition under which the panel covers the page; the style above repeats it. */
export const FULL = "(max-width: 640px), (max-height: 480px)";

export const ICONS = {
  chat: "M21 12a8 8 0 0 1-8 8H4l1.8-3.2A8 8 0 1 1 21 12ZM8.5 12h.01M12.5 12h.01M16.5 12h.01",
  close: "M6 6l12 12M18 6 6 18",
};
