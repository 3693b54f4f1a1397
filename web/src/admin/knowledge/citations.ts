/** How often documents were cited in the last 30 days. */

import { CitationService } from "@contracts/core/v1/citation_service_pb";
import { useEffect, useRef, useState } from "react";

import { call, insist } from "../data/calls";
import { useMay, useSession } from "../data/session";

const AT_ONCE = 100;
/** Where the server ends counting. */
const MOST = 1_000;

export type Cited = ReadonlyMap<string, number>;

/** The answers of the last 30 days that cite each document, by its name, as far as they are known yet. Each is asked for once. */
export function useCited(names: readonly string[]): Cited {
  const { account, organization, transport } = useSession();
  const may = useMay("core.citations.read");
  const asked = useRef(new Set<string>());
  const [cited, setCited] = useState<Cited>(new Map());
  useEffect(() => {
    const wanted = may ? names.filter((name) => !asked.current.has(name)) : [];
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      const documents = wanted.slice(at, at + AT_ONCE);
      for (const name of documents) asked.current.add(name);
      insist(account, () => call(transport, CitationService.method.countDocumentCitations, { parent: organization, documents }))
        .then(({ counts }) => setCited((before) => new Map([...before, ...counts.map(({ document, answers }) => [document, answers] as const)])))
        .catch(() => documents.forEach((name) => asked.current.delete(name))); // a dash stands there until the list changes
    }
  }, [names, may, account, organization, transport]);
  return cited;
}

/** `12`, `1000+`, or a dash while it isn't known. */
export function citedText(answers: number | undefined): string {
  if (answers === undefined) return "–";
  return answers >= MOST ? `${MOST}+` : String(answers);
}

/** Documents by how often they were cited; those that aren't counted yet come last, and equals stay in their order. */
export function byCited<Row extends { name: string }>(rows: readonly Row[], cited: Cited, order: "least" | "most"): Row[] {
  const rank = ({ name }: Row) => {
    const answers = cited.get(name);
    if (answers === undefined) return Infinity;
    return order === "least" ? answers : -answers;
  };
  return rows.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}
