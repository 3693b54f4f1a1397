/** A box that stays at its end while it grows, unless the user has scrolled up to read. */

import { Component, useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from "react";

import { t } from "../i18n";
import { Button } from "../ui/Button";

const NEAR_PX = 60;

interface Props {
  label: string;
  /** Changes when the person at this screen sent something: then they want to see the end. */
  own: unknown;
  /** Changes when older content is added above: then the visible text stays in its place. */
  first: unknown;
  children: ReactNode;
}

export function Scroller({ label, own, first, children }: Props) {
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
    // Only scrolling up means staying there: growing text leaves the end behind, too, until it is followed.
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
        aria-live="off" // a growing text would be read word by word: Announcer announces news
        tabIndex={0}
        onScroll={scrolled}
        className="h-full overflow-y-auto overscroll-contain -outline-offset-2"
      >
        <div ref={content}>
          <Anchored box={box} first={first}>
            {children}
          </Anchored>
        </div>
      </div>
      {away && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button icon="down" className="pointer-events-auto animate-rise shadow-card" onClick={toEnd}>
            {t("scroll.newest")}
          </Button>
        </div>
      )}
    </div>
  );
}

interface AnchoredProps {
  box: RefObject<HTMLElement | null>;
  first: unknown;
  children: ReactNode;
}

/** Keeps the uppermost visible message in its place. A class, because only a class sees the page just before it changes. */
class Anchored extends Component<AnchoredProps> {
  override getSnapshotBeforeUpdate({ first }: AnchoredProps): Anchor | null {
    const box = this.props.box.current;
    if (first === this.props.first || !box) return null;
    const { top } = box.getBoundingClientRect();
    const message = [...box.querySelectorAll(".message")].find((each) => each.getBoundingClientRect().bottom > top);
    return message ? { message, bottom: message.getBoundingClientRect().bottom } : null;
  }

  override componentDidUpdate(_: AnchoredProps, __: unknown, anchor: Anchor | null): void {
    if (anchor?.message.isConnected) this.props.box.current!.scrollTop += anchor.message.getBoundingClientRect().bottom - anchor.bottom;
  }

  override render(): ReactNode {
    return this.props.children;
  }
}

interface Anchor {
  message: Element;
  /** Its author's line above the text may go when it is no longer the first: the end of the text is what stays. */
  bottom: number;
}
