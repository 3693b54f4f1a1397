/** Ticks while the page is hidden, too: browsers slow the timers of a hidden page down to one a minute, but not a worker's. */

let timer: ReturnType<typeof setTimeout> | undefined;

onmessage = ({ data }: MessageEvent<number>) => {
  clearTimeout(timer);
  timer = setTimeout(() => postMessage(0), data);
};
