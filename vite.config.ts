/**
 * Builds the dashboard page into dist/renderer. The hub serves the page under a strict CSP, so nothing
 * may be inlined: no inline scripts or styles, no data: URLs.
 */
import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Rolldown } from 'vite';

/** Where `vite dev` finds a hub to talk to. */
const devHub = 'http://127.0.0.1:7400';

export default defineConfig({
  root: 'renderer',
  plugins: [vue()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    // The polyfill would be an inline script; every browser the page supports preloads modules by itself.
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Chunks run in their own order: beside zod its setting is there before any schema is made.
            { name: 'zod', test: /node_modules\/zod\/|\/zod-jitless\.ts/ },
            // One file instead of thirty: each is a request, and a script of its own to the browser.
            { name: (id, modules) => (loadedFirst(modules).has(id) ? 'page' : null) },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: devHub, changeOrigin: true },
      '/healthz': { target: devHub, changeOrigin: true },
    },
  },
});

/** What the page's entry imports, and what that imports, but nothing that is imported lazily. */
function loadedFirst(modules: Pick<Rolldown.PluginContext, 'getModuleInfo'>): Set<string> {
  const found = new Set([join(import.meta.dirname, 'renderer', 'main.ts')]);
  for (const id of found)
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}
