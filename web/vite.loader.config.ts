/** `dist/widget.js`: the script that a business puts on its pages. */

import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

import { budget } from "./budget.ts";

const LIMIT = 15 * 1024;

export default defineConfig({
  plugins: [budget("The loader", LIMIT)],
  publicDir: false,
  build: {
    target: "es2022",
    emptyOutDir: false,
    lib: {
      entry: fileURLToPath(new URL("src/loader/index.ts", import.meta.url)),
      formats: ["iife"],
      name: "FrontdeskLoader",
      fileName: () => "widget.js",
    },
  },
});
