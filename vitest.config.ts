/** One project per kind of test; `vitest run --project unit` runs one of them. */
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const kinds = ['unit', 'contract', 'integration', 'e2e', 'desktop', 'architecture'] as const;

/** Browsers and real processes share two cores: kinds that use them run one file at a time. */
const heavy = new Set<string>(['e2e', 'desktop', 'architecture']);

export default defineConfig({
  test: {
    projects: kinds.map((kind) => ({
      plugins: [vue()],
      test: {
        name: kind,
        include: [`tests/${kind}/**/*.test.ts`],
        testTimeout: heavy.has(kind) ? 60_000 : 20_000,
        hookTimeout: 60_000,
        fileParallelism: !heavy.has(kind),
        sequence: { groupOrder: kinds.indexOf(kind) },
      },
    })),
  },
});
