/** A conversation's tags: short words that agents find it by. */

import { useState, type FormEvent } from "react";

import { Button, IconButton } from "../ui/Button";
import { Name } from "../ui/Name";
import type { Profile } from "./profile";

const MAX_TAGS = 20;

interface Props {
  tags: readonly string[];
  profile: Profile;
  mayEdit: boolean;
}

export function Tags({ tags, profile, mayEdit }: Props) {
  const [typed, setTyped] = useState("");
  const tag = typed.trim();
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (tag === "") return;
    setTyped("");
    if (!tags.includes(tag)) void profile.tag([tag], []);
  };
  return (
    <section aria-label="Tags" className="flex flex-col gap-2">
      <h3 className="text-sm font-semibold text-muted">Tags</h3>
      {tags.length === 0 && <p className="text-sm text-muted">None</p>}
      <ul className="flex flex-wrap gap-1.5">
        {tags.map((each) => (
          <li key={each} className="inline-flex max-w-full items-center gap-0.5 rounded-full bg-sunken ps-3 text-sm">
            <span className="truncate py-1">
              <Name>{each}</Name>
            </span>
            {mayEdit ? <IconButton icon="close" label={`Remove the tag ${each}`} className="size-7" onClick={() => void profile.tag([], [each])} /> : <span className="w-3" />}
          </li>
        ))}
      </ul>
      {mayEdit && tags.length < MAX_TAGS && (
        <form onSubmit={add} className="flex gap-2">
          <input
            dir="auto"
            value={typed}
            maxLength={40}
            aria-label="New tag"
            placeholder="refund"
            onChange={(event) => setTyped(event.target.value)}
            className="min-h-9 w-full min-w-0 rounded-xl border border-edge bg-paper px-3 text-sm focus-visible:border-accent"
          />
          <Button type="submit" disabled={tag === ""}>
            Add
          </Button>
        </form>
      )}
    </section>
  );
}
