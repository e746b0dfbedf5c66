/** One project per kind of test; `vitest run --project unit` runs one of them. */
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const kinds = ['unit', 'contract', 'integration', 'e2e', 'desktop', 'architecture'] as const;

/** Browsers and real processes share two cores: kinds that use them have more time, and few files at once. */
const heavy = new Set<string>(['e2e', 'desktop', 'architecture']);

/** Pages, and processes that wait for each other, mostly wait: three files at once take half of the time. */
const filesAtOnce = { unit: 3, contract: 3, integration: 3, e2e: 3, desktop: 1, architecture: 1 } as const;

/** Kinds of one turn share their workers: the contract tests wait while the unit tests reckon. */
const turns = { unit: 0, contract: 0, integration: 1, e2e: 2, desktop: 3, architecture: 4 } as const;

/** They wait for half a minute and more. Vitest begins with the largest files, and these are small: each was waited for alone at the end. */
const slow = ['contract/stream-slow-reader', 'contract/stream-vanished-readers', 'e2e/stream-fallback'];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) =>
      slow.some((name) => moduleId.endsWith(`tests/${name}.test.ts`));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

const electronStandIn = fileURLToPath(new URL('tests/support/electron-stand-in.ts', import.meta.url));

export default defineConfig({
  test: {
    sequence: { sequencer: SlowFirst },
    projects: kinds.map((kind) => ({
      plugins: [vue()],
      // The desktop shell runs in plain Node, on a stand-in for the runtime that only Electron's program has.
      ...(kind === 'desktop' && { resolve: { alias: { electron: electronStandIn } } }),
      test: {
        name: kind,
        include: [`tests/${kind}/**/*.test.ts`],
        testTimeout: heavy.has(kind) ? 60_000 : 20_000,
        hookTimeout: 60_000,
        maxWorkers: filesAtOnce[kind],
        sequence: { groupOrder: turns[kind] },
      },
    })),
  },
});
