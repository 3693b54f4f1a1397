/** Text to take elsewhere. */

import { useEffect, useState } from "react";

import { Button } from "./Button";

/** Copies a text, and says so. Without access to the clipboard the text is to be selected by hand. */
export function CopyButton({ text, label = "Copy", look = "plain" }: { text: string; label?: string; look?: "plain" | "quiet" | "primary" }) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    // `clipboard` is missing on http:// pages that are not on localhost.
    const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    copied.then(
      () => setState("copied"),
      () => setState("refused"),
    );
  };
  const words = { idle: label, copied: "Copied", refused: "Select and copy it by hand" }[state];
  return (
    <Button look={look} icon={state === "copied" ? "check" : "copy"} onClick={copy} aria-live="polite">
      {words}
    </Button>
  );
}

/** Code or a link to copy. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <figure className="rounded-lg border border-line bg-sunken">
      <div className="flex items-center justify-between gap-3 border-b border-line py-1 ps-3 pe-1">
        <figcaption className="text-xs font-medium text-muted">{label}</figcaption>
        <CopyButton text={code} look="quiet" />
      </div>
      <pre tabIndex={0} aria-label={label} className="overflow-x-auto p-3 font-mono text-xs leading-relaxed whitespace-pre-wrap break-all select-all">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
