/** The demo shop around the chat: just enough of a shop to believe in. */

import { Icon, type IconName } from "../ui/Icon";
import { Landscape, Mark } from "./Landscape";

/** Questions that the shop's help centre answers. */
export const TOPICS = [
  { question: "How long does shipping take?", hint: "Zones, prices, express" },
  { question: "How do I return something?", hint: "60 days, for any reason" },
  { question: "Can I still cancel my order?", hint: "Until it is packed" },
  { question: "My parcel arrived damaged", hint: "What we need from you" },
  { question: "What does a repair cost?", hint: "Zips, soles, seams" },
  { question: "Which size should I take?", hint: "Boots, jackets, packs" },
] as const;

const PROMISES: readonly { icon: IconName; title: string; text: string }[] = [
  { icon: "truck", title: "Out the same day", text: "Ordered by 15:00 on a working day, it leaves Utrecht that afternoon." },
  { icon: "box", title: "60 days to decide", text: "Try it on, put it up in the living room, and send it back if it isn’t right." },
  { icon: "needle", title: "Mended, not replaced", text: "Our workshop repairs everything that bears our name, however old." },
];

export function ShopPage({ ask, chat }: { ask: (question: string) => void; chat: () => void }) {
  return (
    <div id="page">
      <a href="#content" className="sr-only focus:not-sr-only focus:fixed focus:start-4 focus:top-4 focus:z-50 focus:rounded-full focus:bg-accent focus:px-4 focus:py-2 focus:font-semibold focus:text-on-accent">
        Skip to the content
      </a>
      <Top />
      <main id="content">
        <Hero chat={chat} />
        <Topics ask={ask} />
        <Promises />
      </main>
      <Foot />
    </div>
  );
}

function Top() {
  return (
    <header className="mx-auto flex max-w-6xl items-center justify-between gap-4 px-5 py-5 sm:px-8">
      <a href="/" className="flex items-center gap-2.5 rounded-lg">
        <Mark className="size-9" />
        <span className="font-display text-xl font-semibold tracking-tight">Quillmere</span>
      </a>
      <nav aria-label="Main" className="flex gap-1 text-sm font-medium text-muted">
        <a href="#help" className="rounded-full px-3 py-2 hover:bg-sunken hover:text-ink">
          Help
        </a>
        <a href="#promises" className="rounded-full px-3 py-2 hover:bg-sunken hover:text-ink">
          Our promise
        </a>
      </nav>
    </header>
  );
}

function Hero({ chat }: { chat: () => void }) {
  return (
    <section className="mx-auto max-w-6xl px-5 sm:px-8">
      <div className="relative isolate overflow-hidden rounded-[2rem] border border-line bg-sunken lg:grid lg:min-h-[30rem] lg:grid-cols-[1.16fr_1fr]">
        <div className="relative z-10 flex flex-col justify-center gap-5 p-7 sm:p-12">
          <p className="text-sm font-semibold tracking-wide text-accent">Outdoor and home, from Utrecht</p>
          <h1 className="font-display text-[2.5rem] leading-[1.04] font-semibold tracking-tight sm:text-[3.3rem]">
            <span className="block">Made for weather.</span>{" "}
            <span className="block">Kept for years.</span>
          </h1>
          <p className="max-w-[44ch] text-lg leading-relaxed text-muted">
            Jackets, tents and cast iron that you can have mended. And a help desk that knows every one of our pages by heart, day and night.
          </p>
          <div className="flex flex-wrap gap-3 pt-1">
            <button
              type="button"
              onClick={chat}
              className="inline-flex min-h-12 items-center gap-2.5 rounded-full bg-accent px-6 font-semibold text-on-accent transition-colors hover:bg-accent-strong"
            >
              <Icon name="chat" />
              Ask us anything
            </button>
            <a
              href="#help"
              className="inline-flex min-h-12 items-center rounded-full border border-edge px-6 font-semibold transition-colors hover:border-ink"
            >
              Popular questions
            </a>
          </div>
        </div>
        <Landscape className="h-56 w-full sm:h-72 lg:h-full" />
      </div>
    </section>
  );
}

function Topics({ ask }: { ask: (question: string) => void }) {
  return (
    <section id="help" aria-labelledby="help-title" className="mx-auto max-w-6xl scroll-mt-6 px-5 py-16 sm:px-8 sm:py-20">
      <h2 id="help-title" className="font-display text-3xl font-semibold tracking-tight">
        What people ask us
      </h2>
      <p className="mt-2 max-w-[60ch] text-muted">
        Pick one and the assistant answers from our help pages, with the sources beside it. A human is one press away.
      </p>
      <ul className="mt-8 grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {TOPICS.map(({ question, hint }) => (
          <li key={question}>
            <button
              type="button"
              onClick={() => ask(question)}
              className="group flex h-full w-full items-center gap-4 rounded-2xl border border-line bg-surface p-5 text-start shadow-card transition hover:-translate-y-0.5 hover:border-accent"
            >
              <span className="flex-1">
                <span className="block font-semibold">{question}</span>
                <span className="mt-0.5 block text-sm text-muted">{hint}</span>
              </span>
              <span className="grid size-9 place-items-center rounded-full bg-soft text-on-soft transition-colors group-hover:bg-accent group-hover:text-on-accent">
                <Icon name="chat" className="size-4.5" />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Promises() {
  return (
    <section id="promises" aria-labelledby="promises-title" className="border-y border-line bg-surface">
      <div className="mx-auto max-w-6xl px-5 py-14 sm:px-8">
        <h2 id="promises-title" className="sr-only">
          Our promise
        </h2>
        <ul className="grid gap-9 sm:grid-cols-3">
          {PROMISES.map(({ icon, title, text }) => (
            <li key={title} className="flex flex-col gap-2.5">
              <Icon name={icon} className="size-7 text-accent" />
              <h3 className="font-display text-lg font-semibold">{title}</h3>
              <p className="max-w-[36ch] leading-relaxed text-muted">{text}</p>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Foot() {
  return (
    <footer className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-8 gap-y-3 px-5 pt-8 pb-28 text-sm text-muted sm:px-8">
      <p>Quillmere is invented: it is the demo shop of Frontdesk.</p>
      <a href="/agent/" className="rounded font-medium text-accent underline underline-offset-3">
        For agents
      </a>
    </footer>
  );
}
