/** `npm run bench -- NAME [--quick] [--json]`: runs bench/NAME.ts and prints its rows. */
import { existsSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { BenchRow } from './bench-row.ts';

/** What each measures. */
const benches: Record<string, string> = {
  start: 'npm start to the first real number on the page',
  hub: 'CPU and memory of a running hub, beside its peers',
  collect: 'CPU and memory of the collector alone',
  page: 'what the page costs the browser, and how soon a sample is on it',
  agents: 'what an agent costs its machine and the network, and what many cost their hub',
  fleet: 'what the overview of a hundred hosts costs the browser',
  history: 'what history takes on the disk and of a core, beside Prometheus, and how soon it answers',
  travel: 'how soon a page shows the past, and what an hour of travelling leaves in it',
  logs: 'following files, beside tail -F and tail-file; lines through the hub; searching them; the page that follows',
  stream: 'the cost of fan-out to many readers, beside its peers',
};

interface Bench {
  run(options: { quick: boolean }): Promise<BenchRow[]>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const [name = ''] = positionals;
const file = join(import.meta.dirname, `${name}.ts`);

if (Object.hasOwn(benches, name) && existsSync(file)) {
  const bench = (await import(pathToFileURL(file).href)) as Bench;
  const rows = await bench.run({ quick: values.quick });
  process.stdout.write(values.json ? `${JSON.stringify({ name, machine: machine(), rows })}\n` : table(rows));
  if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
} else {
  const list = Object.entries(benches).map(([bench, what]) => `  ${bench.padEnd(9)}${what}\n`);
  process.stderr.write(`npm run bench -- NAME [--quick] [--json], where NAME is one of\n${list.join('')}`);
  process.exitCode = 2;
}

function table(rows: BenchRow[]): string {
  const cells = rows.map(({ name: what, figure, unit, bar, ok }) => [
    what,
    `${Number(figure.toPrecision(3))}`,
    unit,
    bar === null ? '' : `bar ${bar}`,
    ok === null ? '' : ok ? 'ok' : 'MISSED',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map(([what, figure, ...rest]) =>
    [
      what!.padEnd(widths[0]!),
      figure!.padStart(widths[1]!),
      ...rest.map((text, at) => text.padEnd(widths[at + 2] ?? 0)),
    ]
      .join('  ')
      .trimEnd(),
  );
  return `${machine()}\n${lines.join('\n')}\n`;
}

function machine(): string {
  const cores = cpus();
  const gibibytes = (totalmem() / 1024 ** 3).toFixed(1);
  return `${cores.length} x ${cores[0]?.model.trim() ?? 'unknown CPU'}, ${gibibytes} GiB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}
