/** From zero to a chat on one's own site: the steps, with what is done, and the line to copy at the end. */

import type { Channel } from "@contracts/channel/v1/channel_pb";
import { Link } from "react-router";

import { Ago } from "../../ui/Ago";
import { Card } from "../../ui/Card";
import { CodeBlock } from "../../ui/Copy";
import { Icon } from "../../ui/Icon";
import { snippet } from "../channels/webChat";
import { idOf } from "../data/session";
import { Page } from "../shell/Page";
import { ROUTES } from "../shell/routes";
import { useProgress, useWebChat } from "./progress";
import { seenOn } from "./seen";
import type { Step } from "./steps";

export function Component() {
  const { steps } = useProgress();
  const done = steps.every((step) => step.done); // false while one isn't known
  const channel = useWebChat();
  return (
    <Page title="Get started" about={done ? "Everything is set up." : "Four steps to a chat on your own site. Leave and come back whenever you like."}>
      <ol className="flex flex-col gap-3">
        {steps.map((step, place) => (
          <StepRow key={step.id} step={step} place={place + 1} />
        ))}
      </ol>
      {channel && (
        <div className="mt-6">
          <Card title="Put the chat on your site" about="Paste this line before the end of the body of each page. The chat appears in the corner.">
            <CodeBlock label={`Chat ${channel.displayName}`} code={snippet(channel.name, window.location.origin)} />
            <Seen channel={channel} />
          </Card>
        </div>
      )}
    </Page>
  );
}

/** Whether the line works: the site that last loaded the chat. */
function Seen({ channel }: { channel: Channel }) {
  if (!channel.widgetSeenTime) return <p className="mt-3 text-sm text-muted">Not seen on a site yet. Open a page that has the line, and it shows here within seconds.</p>;
  const listed = channel.config.case === "webChat" ? channel.config.value.allowedOrigins : [];
  const { site, note } = seenOn(channel.widgetSeenOrigin, listed);
  return (
    <p className="mt-3 flex flex-wrap items-center gap-2 text-sm">
      <Icon name={note ? "alert" : "check"} className={`size-4.5 ${note ? "text-danger" : "text-accent"}`} />
      <span>
        Seen on <bdi className="font-medium">{site}</bdi> <Ago at={channel.widgetSeenTime} />
      </span>
      {note && (
        <span className="basis-full text-muted">
          {note}{" "}
          <Link to={`/channels/${idOf(channel.name)}`} className="text-accent underline">
            Sites that may show the chat
          </Link>
        </span>
      )}
    </p>
  );
}

function StepRow({ step, place }: { step: Step; place: number }) {
  const exists = ROUTES.some((route) => `/${route.path}` === step.to.split("?")[0]);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-line bg-surface px-5 py-4">
      <span className={`grid size-9 shrink-0 place-items-center rounded-full ${step.done ? "bg-accent text-on-accent" : "bg-sunken text-muted"}`}>
        <Icon name={step.done ? "check" : step.icon} />
      </span>
      <div className="min-w-0 flex-1 basis-60">
        <h2 className="text-sm font-semibold">
          {place}. {step.title}
          <span className="sr-only">{step.done === undefined ? "" : step.done ? ": done" : ": to do"}</span>
        </h2>
        <p className="text-sm text-muted">{step.text}</p>
      </div>
      {exists && (
        <Link to={step.to} className={`inline-flex min-h-9 items-center rounded-full px-4 text-sm font-semibold ${step.done ? "text-muted hover:bg-sunken" : "bg-accent text-on-accent hover:bg-accent-strong"}`}>
          {step.done ? "Open" : step.action}
        </Link>
      )}
    </li>
  );
}
