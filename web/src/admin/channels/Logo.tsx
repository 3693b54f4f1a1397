import { ChannelService } from "@contracts/channel/v1/channel_service_pb";
import { useRef, useState } from "react";

import { Button } from "../../ui/Button";
import { useConfirm } from "../../ui/Dialog";
import { LABEL } from "../../ui/look";
import { useAction } from "../data/calls";

const MAX_BYTES = 256 * 1024;
const TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/** Why a file can't be a logo; undefined: it can be sent. */
export function logoProblem({ type, size }: { type: string; size: number }): string | undefined {
  if (type === "image/svg+xml") return "SVG files can hold scripts. Save it as PNG.";
  if (!TYPES.includes(type)) return "Choose a PNG, JPEG, WebP or GIF.";
  if (size > MAX_BYTES) return "This picture has more than 256 KB. 200 × 200 pixels are enough.";
  return undefined;
}

/** The logo is stored at once: it is not part of the form. */
export function Logo({ channel, path }: { channel: string; path: string }) {
  const picker = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const store = useAction(ChannelService.method.setChannelLogo, { quiet: true, done: "Logo saved" });
  const remove = useAction(ChannelService.method.removeChannelLogo, { quiet: true, done: "Logo removed" });
  const confirm = useConfirm();
  const drop = async () => {
    const text = "The chat shows none until you upload another one.";
    if (await confirm({ title: "Remove the logo?", text, yes: "Remove", danger: true })) await remove.run({ name: channel });
  };
  const send = async (file: File) => {
    const why = logoProblem(file);
    setProblem(why);
    if (why) return;
    await store.run({ name: channel, image: { contentType: file.type, data: new Uint8Array(await file.arrayBuffer()) } });
  };
  const why = problem ?? store.failure?.sentence ?? remove.failure?.sentence;
  return (
    <div className="flex flex-col gap-1.5">
      <span className={LABEL}>Logo</span>
      <div className="flex flex-wrap items-center gap-3">
        {path ? <img src={path} alt="Logo" className="size-12 rounded-lg border border-line object-contain" /> : <span className="grid size-12 place-items-center rounded-lg border border-dashed border-edge text-xs text-muted">None</span>}
        <Button busy={store.busy} onClick={() => picker.current?.click()}>
          {path ? "Replace" : "Upload"}
        </Button>
        {path && (
          <Button look="quiet" busy={remove.busy} onClick={() => void drop()}>
            Remove
          </Button>
        )}
        <input
          ref={picker}
          type="file"
          accept={TYPES.join(",")}
          aria-label="Logo file"
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = "";
            if (file) void send(file);
          }}
        />
      </div>
      {why ? (
        <p role="alert" className="text-sm text-danger">
          {why}
        </p>
      ) : (
        <p className="text-xs text-muted">PNG, JPEG, WebP or GIF, at most 256 KB. Saved at once.</p>
      )}
    </div>
  );
}
