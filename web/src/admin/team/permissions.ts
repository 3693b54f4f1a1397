/** Permissions as people choose them: by what they are about. */

import type { Permission } from "@contracts/admin/v1/role_pb";

export interface Subject {
  /** `core.conversations`. */
  id: string;
  /** `Conversations`. */
  label: string;
  permissions: readonly { id: string; verb: string; description: string }[];
}

export interface Area {
  id: string;
  label: string;
  subjects: readonly Subject[];
}

const AREAS: Record<string, string> = {
  admin: "Organization and team",
  agent: "Answering customers",
  channel: "Channels and files",
  core: "Conversations, customers, assistant",
  memory: "Knowledge and memories",
};

const READING = /^(read|list|search|watch)$/;

/** `cannedReplies` → `Canned replies`. */
function inWords(text: string): string {
  const words = text.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1).replace(/^pi /, "PI ");
}

/** Those that a role of the organization's own may have, by area and subject; reading comes first. */
export function areasOf(permissions: readonly Permission[]): readonly Area[] {
  const areas = new Map<string, Map<string, Subject["permissions"][number][]>>();
  for (const { id, description, assignable } of permissions) {
    const [service = "", nouns = "", verb = ""] = id.split(".");
    if (!assignable) continue;
    const subjects = areas.get(service) ?? new Map<string, Subject["permissions"][number][]>();
    areas.set(service, subjects);
    subjects.set(nouns, [...(subjects.get(nouns) ?? []), { id, verb: inWords(verb), description }]);
  }
  return [...areas].map(([service, subjects]) => ({
    id: service,
    label: AREAS[service] ?? inWords(service),
    subjects: [...subjects].map(([nouns, each]) => ({
      id: `${service}.${nouns}`,
      label: inWords(nouns),
      permissions: each.toSorted((a, b) => Number(!READING.test(a.verb.toLowerCase())) - Number(!READING.test(b.verb.toLowerCase()))),
    })),
  }));
}

/** The choice with some permissions added or taken away, in order. */
export function withPermissions(chosen: readonly string[], ids: readonly string[], wanted: boolean): string[] {
  const rest = chosen.filter((id) => !ids.includes(id));
  return (wanted ? [...rest, ...ids] : rest).toSorted();
}

/** The id of a role for its name: `Team lead` → `team-lead`; empty if nothing of it can be used. */
export function roleId(displayName: string): string {
  return displayName
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63)
    .replace(/-+$/, "");
}
