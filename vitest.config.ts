/** One project per kind of test; `vitest run --project unit` runs one of them. */
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const kinds = ['unit', 'contract', 'integration', 'e2e', 'desktop', 'architecture'] as const;

/** Browsers and real processes share two cores: kinds that use them have more time. */
const heavy = new Set<string>(['e2e', 'desktop', 'architecture']);

/**
 * Files of these kinds share a process, and load what they import once: nothing of ours has a global state. The others
 * measure the memory of their process, or run a program that a process has one of.
 */
const sharing = new Set<string>(['unit', 'contract', 'e2e']);

const inTests = (file: string) => fileURLToPath(new URL(`tests/${file}`, import.meta.url));

export default defineConfig({
  test: {
    projects: kinds.map((kind) => ({
      plugins: [vue()],
      // The desktop shell runs in plain Node, on a stand-in for the runtime that only Electron's program has.
      ...(kind === 'desktop' && {
        resolve: { alias: { electron: inTests('support/electron-stand-in.ts') } },
      }),
      test: {
        name: kind,
        include: [`tests/${kind}/**/*.test.ts`],
        setupFiles: kind === 'e2e' ? [inTests('support/close-browser.ts')] : [],
        testTimeout: heavy.has(kind) ? 120_000 : 40_000,
        hookTimeout: 120_000,
        // As patient as `until`: a page of a busy machine is slow.
        expect: { poll: { timeout: 20_000 } },
        // Pages, and processes that wait for each other, mostly wait: three files at once take half of the time. All
        // kinds are one turn, whose last files are the short ones of `unit`: none is waited for alone.
        maxWorkers: 3,
        isolate: !sharing.has(kind),
      },
    })),
  },
});
