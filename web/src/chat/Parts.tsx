/** The parts of a message other than text. Pictures are fetched and shown; other files are shown by name. */

import { AttachmentKind, type Attachment, type Contact, type Location, type MessageContent, type Part } from "@contracts/core/v1/content_pb";
import { ParticipantRole, type Message } from "@contracts/core/v1/message_pb";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";

import { failure } from "../api/errors";
import { Icon, type IconName } from "../ui/Icon";
import { Markdown } from "../ui/Markdown";
import { Name } from "../ui/Name";
import { Plain } from "./Plain";

const FILES: Record<AttachmentKind, { name: string; icon: IconName }> = {
  [AttachmentKind.UNSPECIFIED]: { name: "File", icon: "file" },
  [AttachmentKind.IMAGE]: { name: "Picture", icon: "picture" },
  [AttachmentKind.AUDIO]: { name: "Sound", icon: "sound" },
  [AttachmentKind.VOICE]: { name: "Voice message", icon: "sound" },
  [AttachmentKind.VIDEO]: { name: "Video", icon: "video" },
  [AttachmentKind.STICKER]: { name: "Sticker", icon: "picture" },
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
      return part.value.emoji ? <span className="text-3xl">{part.value.emoji}</span> : <em>Took their reaction back</em>;
    case "interactive":
      return (
        <ul className="flex flex-wrap gap-1.5" aria-label="Options">
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
      return part.value.text ? <Plain text={part.value.text} /> : <em>Template {part.value.template}</em>;
    case "emailBody":
      return (
        <>
          <Plain text={part.value.text} />
          {part.value.quotedText && (
            <details className="mt-1 text-sm">
              <summary className="cursor-pointer">Show what it quotes</summary>
              <Plain text={part.value.quotedText} />
            </details>
          )}
        </>
      );
    case "systemNotice":
      return <em dir="auto">{part.value.text}</em>;
    default:
      return <em>This part can't be shown here. Reload the page for a newer version.</em>;
  }
}

/** Gives the path of a link to a file, by its resource name. */
export const LinkTo = createContext<((media: string) => Promise<string>) | undefined>(undefined);

function File({ attachment }: { attachment: Attachment }) {
  const linkTo = useContext(LinkTo);
  const { name, icon } = FILES[attachment.kind] ?? FILES[AttachmentKind.UNSPECIFIED];
  const label = attachment.fileName || name;
  const size = Number(attachment.sizeBytes);
  const what = (
    <>
      <Icon name={icon} className="size-5" />
      <span className="min-w-0 text-start">
        <Name>{label}</Name>
        {size > 0 && <span className="ms-1.5 text-xs opacity-75">{bytes(size)}</span>}
        {!attachment.media && <span className="block text-xs opacity-75">{name} that can't be opened here</span>}
      </span>
    </>
  );
  if (!attachment.media || !linkTo) return <p className="flex items-center gap-2">{what}</p>;
  return (
    <>
      {attachment.kind === AttachmentKind.IMAGE && <Picture key={attachment.media} media={attachment.media} label={label} linkTo={linkTo} />}
      <Open media={attachment.media} linkTo={linkTo}>
        {what}
      </Open>
    </>
  );
}

interface PictureProps {
  media: string;
  label: string;
  linkTo: (media: string) => Promise<string>;
}

/** A picture, once it is loaded; one that can't be shown stays a file. */
function Picture({ media, label, linkTo }: PictureProps) {
  const [path, setPath] = useState("");
  useEffect(() => {
    let wanted = true;
    linkTo(media).then(
      (found) => wanted && setPath(found),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [linkTo, media]);
  if (path === "") return null;
  return <img src={path} alt={label} className="mb-1.5 max-h-64 max-w-full rounded-lg" onError={() => setPath("")} />;
}

interface OpenProps {
  media: string;
  linkTo: (media: string) => Promise<string>;
  children: ReactNode;
}

/** Opens a file in another tab, or downloads it: its response headers decide. */
function Open({ media, linkTo, children }: OpenProps) {
  const [problem, setProblem] = useState("");
  const open = async () => {
    setProblem("");
    try {
      const link = document.createElement("a");
      link.href = await linkTo(media);
      link.target = "_blank";
      link.rel = "noopener";
      link.click();
    } catch (error) {
      setProblem(failure(error).sentence);
    }
  };
  return (
    <>
      <button type="button" className="flex max-w-full items-center gap-2 underline underline-offset-2" onClick={() => void open()}>
        {children}
      </button>
      {problem && (
        <p role="alert" className="text-xs">
          {problem}
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
          <Name>{contact.displayName || "Contact"}</Name>
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
  const author = message.role === ParticipantRole.ASSISTANT ? "Assistant" : message.authorDisplayName;
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
