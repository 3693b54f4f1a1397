/** Where models are asked: providers with an OpenAI-compatible API, by what people know of them. */

import type { Credential } from "@contracts/admin/v1/credential_pb";

export interface Provider {
  id: string;
  label: string;
  help: string;
  /** Empty: people enter it. */
  baseUrl: string;
  /** Shown in the empty field for a model. */
  model: string;
  /** A server that asks for no key. */
  keyless?: boolean;
}

export const PROVIDERS: readonly Provider[] = [
  { id: "openai", label: "OpenAI", help: "With a key of your own account.", baseUrl: "https://api.openai.com/v1", model: "gpt-4o" },
  { id: "compatible", label: "Another provider", help: "Any server with an OpenAI-compatible API.", baseUrl: "", model: "the provider's name for it" },
  { id: "local", label: "A model on your own machines", help: "Such as Ollama, vLLM or LM Studio.", baseUrl: "http://127.0.0.1:11434/v1", model: "qwen2.5:7b", keyless: true },
  { id: "installation", label: "This installation's", help: "The provider that your operator has set up.", baseUrl: "", model: "gpt-4o" },
];

/** Written instead of a key for a server that asks for none: a credential always has one. */
export const NO_KEY = "none";

export function providerOf(id: string): Provider {
  return PROVIDERS.find((each) => each.id === id) ?? PROVIDERS[0]!;
}

/** A name for a new credential, by its host: `api.openai.com` → `openai`; not one that is taken. */
export function credentialId(baseUrl: string, taken: readonly string[]): string {
  const host = hostOf(baseUrl);
  const parts = host.split(".").filter((part) => !["api", "www", "com", "org", "net", "io", "ai"].includes(part));
  const base = (/^[0-9.:]+$/.test(host) || parts.length === 0 ? "model" : parts.join("-")).toLowerCase().replace(/[^a-z0-9-]/g, "-").replace(/^-+/, "").slice(0, 50) || "model";
  if (!taken.includes(base)) return base;
  for (let count = 2; ; count++) if (!taken.includes(`${base}-${count}`)) return `${base}-${count}`;
}

export function hostOf(baseUrl: string): string {
  try {
    return new URL(baseUrl).host;
  } catch {
    return "";
  }
}

/** Why an address can't be a base URL; undefined: it can. */
export function baseUrlProblem(baseUrl: string): string | undefined {
  if (baseUrl.trim() === "") return undefined;
  if (!hostOf(baseUrl) || !/^https?:\/\//.test(baseUrl)) return "Enter an address such as https://api.example.com/v1.";
  if (/\/chat\/completions\/?$/.test(baseUrl)) return "Leave out /chat/completions: Frontdesk adds it.";
  return undefined;
}

export function labelOf(credential: Credential | undefined): string {
  return credential ? credential.displayName || hostOf(credential.baseUrl) : "This installation's provider";
}
