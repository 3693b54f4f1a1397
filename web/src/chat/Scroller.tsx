/** A box that stays at its end while it grows, unless somebody has scrolled up to read. */

import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";

import { Button } from "../ui/Button";

const NEAR_PX = 60;

interface Props {
  label: string;
  /** Changes when the person at this screen said something: then the end is what they want to see. */
  own: unknown;
  children: ReactNode;
}

export function Scroller({ label, own, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const lastTop = useRef(0);
  const [away, setAway] = useState(false);

  const toEnd = () => {
    following.current = true;
    setAway(false);
    box.current?.scrollTo({ top: box.current.scrollHeight });
  };

  useLayoutEffect(toEnd, [own]);
  useEffect(() => {
    if (!box.current || !content.current) return;
    const grown = new ResizeObserver(() => {
      if (following.current) box.current?.scrollTo({ top: box.current.scrollHeight });
    });
    grown.observe(content.current);
    grown.observe(box.current);
    return () => grown.disconnect();
  }, []);

  const scrolled = () => {
    if (!box.current) return;
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    // Only who moves up wants to stay there: growing text leaves the end behind, too, until it is followed.
    if (near) following.current = true;
    else if (scrollTop < lastTop.current) following.current = false;
    lastTop.current = scrollTop;
    setAway(!following.current);
  };

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        role="log"
        aria-label={label}
        aria-live="off" // a growing text would be read word by word: Announcer says what is new
        tabIndex={0}
        onScroll={scrolled}
        className="h-full overflow-y-auto overscroll-contain -outline-offset-2"
      >
        <div ref={content}>{children}</div>
      </div>
      {away && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button icon="down" className="pointer-events-auto animate-rise shadow-card" onClick={toEnd}>
            To the newest
          </Button>
        </div>
      )}
    </div>
  );
}
