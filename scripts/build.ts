/**
 * Builds everything that ships into dist/, in two seconds or so:
 *
 *   dist/renderer/            the page (vite, settings in vite.config.ts)
 *   dist/cli/watchline.cjs    the `watchline` command
 *   dist/electron/main.mjs    the desktop app, and its preload.cjs
 *
 * Beside both lies what runs in threads: archive-thread of the log archive, history-thread of history.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle, type BuildOptions, type Plugin } from 'rolldown';
import { build as buildPage } from 'vite';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** Started by their file names: hub/archive/work-thread.ts, hub/history/store/thread/task-thread.ts. */
const threads = {
  'archive-thread': join(root, 'hub', 'archive', 'archive-thread.ts'),
  'history-thread': join(root, 'hub', 'history', 'store', 'thread', 'history-thread.ts'),
};

const shared = {
  cwd: root,
  platform: 'node',
  // systeminformation stays outside: it is large, loads its parts by name, and is not needed once a second on Linux.
  external: [/^node:/, 'electron', 'systeminformation'],
  transform: { define: { WATCHLINE_VERSION: JSON.stringify(version) } },
} satisfies BuildOptions;

/**
 * V8 keeps a source that has one character beyond Latin-1 in two bytes per character: twice the memory. Done last,
 * because the minifier writes such characters out again.
 */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk') chunk.code = chunk.code.replace(/[\u0080-\uffff]/g, escape);
    }
  },
};

function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * CommonJS on purpose: an ES import of `node:http` reads every name it exports, some of which load undici when read,
 * and costs the running hub 13 MB. What is imported lazily becomes a chunk beside it, read when needed.
 */
async function buildCli(): Promise<void> {
  await bundle({
    ...shared,
    input: { watchline: join(root, 'cli', 'main.ts'), ...threads },
    plugins: [asciiOnly],
    output: {
      dir: join(root, 'dist', 'cli'),
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
      // Names are kept: the stack of an error that somebody reports is to say something.
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    },
  });
}

async function buildDesktop(): Promise<void> {
  await bundle({
    ...shared,
    input: { main: join(root, 'electron', 'main.ts'), ...threads },
    output: {
      dir: join(root, 'dist', 'electron'),
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name]-[hash].mjs',
      sourcemap: true,
    },
  });
  // A sandboxed preload cannot be an ES module, nor can it load a second file.
  await bundle({
    ...shared,
    input: { preload: join(root, 'electron', 'preload.ts') },
    output: {
      dir: join(root, 'dist', 'electron'),
      format: 'cjs',
      entryFileNames: '[name].cjs',
      codeSplitting: false,
    },
  });
}

async function buildAll(): Promise<void> {
  for (const part of ['cli', 'electron']) rmSync(join(root, 'dist', part), { recursive: true, force: true });
  await Promise.all([buildCli(), buildDesktop()]);
  await buildPage({
    root: join(root, 'renderer'),
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { rolldownOptions: { checks: { pluginTimings: false } } },
  });
}

const began = performance.now();
try {
  await buildAll();
  process.stderr.write(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s.\n`);
} catch (error) {
  // The bundler's message shows the place; its stack shows only the bundler.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nThe build failed.\n`);
  process.exitCode = 1;
}
