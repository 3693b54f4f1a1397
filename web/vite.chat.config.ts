/** The chat's page in the frame: `dist/widget/chat.js` and `chat.css`, names that the channel service's page links to. */

import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { budget } from "./budget.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const LIMIT = 120 * 1024;
const LANGUAGE = /^assets\/(en|de|es|fr|nl|ar)-/;

export default defineConfig({
  plugins: [react(), tailwindcss(), budget("The chat", LIMIT, (fileName) => LANGUAGE.test(fileName))],
  define: { "import.meta.env.FRONTDESK_CHAT": "true" },
  publicDir: false,
  resolve: {
    alias: [
      { find: "@contracts", replacement: here("../gen/ts/frontdesk") },
      // React's own renderer alone would take half of the chat's budget (docs/adr/0089).
      { find: /^react\/jsx-runtime$/, replacement: "preact/jsx-runtime" },
      { find: /^react-dom\/client$/, replacement: "preact/compat/client" },
      { find: /^react(-dom)?$/, replacement: "preact/compat" },
    ],
    dedupe: ["@bufbuild/protobuf", "preact"],
  },
  build: {
    target: "es2022",
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    rollupOptions: {
      input: { chat: here("src/widget/main.tsx") },
      output: {
        entryFileNames: "widget/[name].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: ({ names }) => (names.some((name) => name.endsWith(".css")) ? "widget/chat.css" : "assets/[name]-[hash][extname]"),
      },
    },
  },
});
