/**
 * Builds the dashboard page into dist/renderer. The hub serves the page under a strict CSP, so nothing
 * may be inlined: no inline scripts or styles, no data: URLs.
 */
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

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
        // Chunks run in their own order: beside zod its setting is there before any schema is made.
        codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod\/|\/zod-jitless\.ts/ }] },
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
