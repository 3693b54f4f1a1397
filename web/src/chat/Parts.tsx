/** The parts of a message other than text. Pictures are fetched and shown; other files are shown by name. */

import { AttachmentKind, type Attachment, type Contact, type Location, type MessageContent, type Part } from "@contracts/core/v1/content_pb";
import { ParticipantRole, type Message } from "@contracts/core/v1/message_pb";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";

import { failure } from "../api/errors";
import { awaited } from "../api/media";
import { t, type Key } from "../i18n";
import { Icon, type IconName } from "../ui/Icon";
import { Markdown } from "../ui/Markdown";
import { Name } from "../ui/Name";
import { Plain } from "./Plain";

const FILES: Record<AttachmentKind, { name: Key; icon: IconName }> = {
  [AttachmentKind.UNSPECIFIED]: { name: "kind.file", icon: "file" },
  [AttachmentKind.IMAGE]: { name: "kind.picture", icon: "picture" },
  [AttachmentKind.AUDIO]: { name: "kind.sound", icon: "sound" },
  [AttachmentKind.VOICE]: { name: "kind.voice", icon: "sound" },
  [AttachmentKind.VIDEO]: { name: "kind.video", icon: "video" },
  [AttachmentKind.STICKER]: { name: "kind.sticker", icon: "picture" },
};

export function Parts({ content }: { content: MessageContent }) {
  return (
    <div className="flex flex-col gap-2">
      {content.subject && (
        <p dir="auto" className="font-semibold">
          {content.subject}
        </p>
      )}
      {content.parts.map((part, index) => (
        <div key={index} data-part={part.part.case}>
          {shown(part.part)}
        </div>
      ))}
    </div>
  );
}

function shown(part: Part["part"]): ReactNode {
  switch (part.case) {
    case "text":
      return <Plain text={part.value} />;
    case "markdown":
      return <Markdown text={part.value} />;
    case "attachment":
      return <File attachment={part.value} />;
    case "location":
      return <Place location={part.value} />;
    case "contact":
      return <Card contact={part.value} />;
    case "reaction":
      return part.value.emoji ? <span className="text-3xl">{part.value.emoji}</span> : <em>{t("part.reactionGone")}</em>;
    case "interactive":
      return (
        <ul className="flex flex-wrap gap-1.5" aria-label={t("part.options")}>
          {part.value.options.map(({ id, label, description }) => (
            <li key={id} title={description || undefined} className="rounded-full border border-current px-3 py-1 text-sm">
              <Name>{label}</Name>
            </li>
          ))}
        </ul>
      );
    case "selection":
      return <Plain text={part.value.label || part.value.id} />;
    case "template":
      return part.value.text ? <Plain text={part.value.text} /> : <em>{t("part.template", { name: part.value.template })}</em>;
    case "emailBody":
      return (
        <>
          <Plain text={part.value.text} />
          {part.value.quotedText && (
            <details className="mt-1 text-sm">
              <summary className="cursor-pointer">{t("part.quotes")}</summary>
              <Plain text={part.value.quotedText} />
            </details>
          )}
        </>
      );
    case "systemNotice":
      return <em dir="auto">{part.value.text}</em>;
    default:
      return <em>{t("part.unknown")}</em>;
  }
}

const SOUNDS: readonly AttachmentKind[] = [AttachmentKind.AUDIO, AttachmentKind.VOICE];
const PICTURES: readonly AttachmentKind[] = [AttachmentKind.IMAGE, AttachmentKind.STICKER];

/** Gives the path of a link to a file, by its resource name. */
export const LinkTo = createContext<((media: string) => Promise<string>) | undefined>(undefined);

/** Fetches a file from its provider again; undefined where no one may. */
export const Refetch = createContext<((media: string) => Promise<void>) | undefined>(undefined);

function File({ attachment }: { attachment: Attachment }) {
  const linkTo = useContext(LinkTo);
  const { name, icon } = FILES[attachment.kind] ?? FILES[AttachmentKind.UNSPECIFIED];
  const label = attachment.fileName || t(name);
  const size = Number(attachment.sizeBytes);
  const what = (
    <>
      <Icon name={icon} className="size-5" />
      <span className="min-w-0 text-start">
        <Name>{label}</Name>
        {size > 0 && <span className="ms-1.5 text-xs opacity-75">{bytes(size)}</span>}
        {!attachment.media && <span className="block text-xs opacity-75">{t("part.cannotOpen", { kind: t(name) })}</span>}
      </span>
    </>
  );
  if (!attachment.media || !linkTo) return <p className="flex items-center gap-2">{what}</p>;
  return (
    <>
      {PICTURES.includes(attachment.kind) && <Picture key={attachment.media} media={attachment.media} label={label} linkTo={linkTo} />}
      {SOUNDS.includes(attachment.kind) && <Sound key={attachment.media} media={attachment.media} label={label} linkTo={linkTo} />}
      <Open media={attachment.media} linkTo={linkTo}>
        {what}
      </Open>
    </>
  );
}

interface ShownProps {
  media: string;
  label: string;
  linkTo: (media: string) => Promise<string>;
}

/** A picture, once it is loaded; one that can't be shown stays a file. */
function Picture({ media, label, linkTo }: ShownProps) {
  const [path, setPath] = useState("");
  useEffect(() => {
    const shown = new AbortController();
    awaited(linkTo, media, shown.signal).then(
      (found) => !shown.signal.aborted && setPath(found),
      () => undefined,
    );
    return () => shown.abort();
  }, [linkTo, media]);
  if (path === "") return null;
  return <img src={path} alt={label} className="mb-1.5 max-h-64 max-w-full rounded-lg" onError={() => setPath("")} />;
}

/** A sound to listen to in its place. Its link ends after some minutes: listening later fetches another one. */
function Sound({ media, label, linkTo }: ShownProps) {
  const [path, setPath] = useState("");
  const [failures, setFailures] = useState(0);
  useEffect(() => {
    const shown = new AbortController();
    awaited(linkTo, media, shown.signal).then(
      (found) => !shown.signal.aborted && setPath(found),
      () => undefined,
    );
    return () => shown.abort();
  }, [linkTo, media, failures]);
  if (path === "" || failures > MAX_FAILURES) return null;
  return <audio controls preload="metadata" src={path} aria-label={label} className="mb-1.5 h-10 w-60 max-w-full" onError={() => setFailures(failures + 1)} />;
}

const MAX_FAILURES = 5;

interface OpenProps {
  media: string;
  linkTo: (media: string) => Promise<string>;
  children: ReactNode;
}

/** Opens a file in another tab, or downloads it: its response headers decide. */
function Open({ media, linkTo, children }: OpenProps) {
  const [problem, setProblem] = useState("");
  const [failed, setFailed] = useState(false);
  const refetch = useContext(Refetch);
  const again = async () => {
    setFailed(false);
    setProblem("");
    await refetch?.(media).catch((error: unknown) => setProblem(failure(error).sentence));
  };
  const open = async () => {
    setProblem("");
    setFailed(false);
    try {
      const link = document.createElement("a");
      link.href = await linkTo(media);
      link.target = "_blank";
      link.rel = "noopener";
      link.click();
    } catch (error) {
      const { sentence, reason, metadata } = failure(error);
      setProblem(sentence);
      setFailed(reason === "MEDIA_NOT_READY" && metadata.state === "FAILED");
    }
  };
  return (
    <>
      <button type="button" className="flex max-w-full items-center gap-2 underline underline-offset-2" onClick={() => void open()}>
        {children}
      </button>
      {problem && (
        <p role="alert" className="text-xs">
          {problem}{" "}
          {failed && refetch && (
            <button type="button" className="font-semibold underline underline-offset-2" onClick={() => void again()}>
              {t("part.refetch")}
            </button>
          )}
        </p>
      )}
    </>
  );
}

/** A size as people read it. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  return size < 1_000_000 ? `${Math.round(size / 1000)} KB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

function Place({ location }: { location: Location }) {
  const at = `${location.latitude},${location.longitude}`;
  const map = `https://www.openstreetmap.org/?mlat=${location.latitude}&mlon=${location.longitude}#map=16/${at.replace(",", "/")}`;
  return (
    <p className="flex items-center gap-2">
      <Icon name="pin" className="size-5" />
      <a href={map} target="_blank" rel="noopener noreferrer nofollow" className="min-w-0 underline underline-offset-2">
        <Name>{[location.displayName, location.address].filter(Boolean).join(", ") || at}</Name>
      </a>
    </p>
  );
}

function Card({ contact }: { contact: Contact }) {
  return (
    <div className="flex gap-2">
      <Icon name="person" className="size-5" />
      <ul className="min-w-0">
        <li className="font-semibold">
          <Name>{contact.displayName || t("part.contact")}</Name>
        </li>
        {contact.phones.map((phone) => (
          <li key={phone}>{phone}</li>
        ))}
        {contact.emails.map((email) => (
          <li key={email}>{email}</li>
        ))}
      </ul>
    </div>
  );
}

/** The quoted message, above its answer. */
export function Quoted({ message }: { message: Message }) {
  const author = message.authorDisplayName || (message.role === ParticipantRole.ASSISTANT ? t("role.assistant") : "");
  return (
    <blockquote className="mb-1.5 border-s-2 border-current ps-2 text-sm opacity-75">
      {author && (
        <span className="block text-xs font-semibold">
          <Name>{author}</Name>
        </span>
      )}
      <span dir="auto" className="line-clamp-2">
        {message.text}
      </span>
    </blockquote>
  );
}
