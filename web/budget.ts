/** Fails a build whose scripts have grown beyond a limit. */

import { gzipSync } from "node:zlib";

import type { Plugin } from "vite";

/** `limit`: bytes with gzip. `counts` chooses the files; of several languages only the largest is fetched. */
export function budget(name: string, limit: number, isChoice: (fileName: string) => boolean = () => false): Plugin {
  return {
    name: "budget",
    generateBundle(_, bundle) {
      const scripts = Object.values(bundle).filter((file) => file.type === "chunk");
      const sizes = scripts.map(({ fileName, code }) => ({ fileName, bytes: gzipSync(code, { level: 9 }).length }));
      const choices = sizes.filter(({ fileName }) => isChoice(fileName));
      const always = sizes.filter(({ fileName }) => !isChoice(fileName));
      const bytes = sum(always) + Math.max(0, ...choices.map((each) => each.bytes));
      if (bytes > limit) {
        this.error(`${name} has ${bytes} bytes of script with gzip, more than the ${limit} that pages can expect. Remove something.`);
      }
      if (process.env.FRONTDESK_SIZES) console.log(`${name}: ${bytes} of ${limit} bytes of script with gzip`);
    },
  };
}

function sum(files: readonly { bytes: number }[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}
