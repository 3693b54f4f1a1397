import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: { "@contracts": here("../gen/ts/frontdesk") },
    // The contracts live outside this folder: their runtime is the one installed here.
    dedupe: ["@bufbuild/protobuf"],
  },
  build: {
    target: "es2022",
    // The gateway's content security policy allows files of our own only: no data: addresses, no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: { chunkFileNames: "assets/shared-[hash].js" },
      input: { shop: here("index.html"), agent: here("agent/index.html"), admin: here("admin/index.html") },
    },
  },
  server: {
    fs: { allow: [here(".."), here(".")] },
    // `npm run dev` shows changes at once, on the services of a running `make up`.
    proxy: { "^/(frontdesk\\.|chat/|widget|v1/)": process.env.FRONTDESK_GATEWAY ?? "http://127.0.0.1:8080" },
  },
  // One process keeps what it has imported: a fifth of the time. A test puts back what it replaces.
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node", setupFiles: ["src/i18n/english.ts"], isolate: false },
});
