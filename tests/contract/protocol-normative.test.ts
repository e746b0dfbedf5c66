/** docs/protocol.md is normative: each MUST names the test that holds it, and nothing the code says on the wire is left out. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { settingsOf } from '../../hub/hub-options.ts';
import * as protocol from '../../shared/protocol.ts';

const root = path.join(import.meta.dirname, '../..');
const document = readFileSync(path.join(root, 'docs/protocol.md'), 'utf8');
const [prose, heldBy] = splitAtTable(document);

/** Sources that speak HTTP, their comments taken out. */
const sources = globSync('hub/{access,agents,hosts,http,notes,poll,reach,stream,tls}/**/*.ts', { cwd: root })
  .map((file) => readFileSync(path.join(root, file), 'utf8'))
  .join('\n')
  .replaceAll(/\/\*[\s\S]*?\*\//g, '')
  .replaceAll(/^\s*\/\/.*$/gm, '');

test('every MUST has a number, and every number a row that names its test', () => {
  const withoutIntroduction = prose.slice(prose.indexOf('\n## '));
  const musts = withoutIntroduction.match(/\bMUST\b/g) ?? [];
  const numbers = [...withoutIntroduction.matchAll(/\bMUST(?: NOT)? \[(\d+)\]/g)].map((match) =>
    Number(match[1]),
  );
  expect(numbers.length, 'a MUST without a number').toBe(musts.length);
  expect(new Set(numbers).size, 'a number used twice').toBe(numbers.length);
  expect(heldBy.map((row) => row.number).toSorted((a, b) => a - b)).toEqual(
    numbers.toSorted((a, b) => a - b),
  );
});

test('every test that holds a MUST exists under its title', () => {
  expect(heldBy.length).toBeGreaterThan(20);
  for (const { number, file, title } of heldBy) {
    const text = readFileSync(path.join(root, 'tests', `${file}.test.ts`), 'utf8').replaceAll("\\'", "'");
    const isThere = ["'", '"', '`'].some((quote) => text.includes(quote + title + quote));
    expect([number, title, isThere]).toEqual([number, title, true]);
  }
});

test('every status the hub answers with is documented', () => {
  const thrown = [...sources.matchAll(/new ProblemError\(\s*(\d{3})/g)];
  const written = [...sources.matchAll(/'(\d{3}) [A-Z]|writeHead\((\d{3})|answer\w*\([^)]*, (20\d)\b/g)];
  const statuses = new Set([...thrown, ...written].map((match) => match.slice(1).find(Boolean)!));
  expect(statuses.size).toBeGreaterThan(8);
  for (const status of statuses)
    expect([status, new RegExp(`\\b${status}\\b`).test(prose)]).toEqual([status, true]);
});

test('every header the hub reads or sends is documented', () => {
  const sent = [
    ...sources.matchAll(/'([A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+)':|\b(Allow|Connection|Vary|ETag|Date): /g),
  ];
  const read = [...sources.matchAll(/headers(?:\.(\w+)|\['([a-z-]+)'\])/g)];
  const headers = new Set([...sent, ...read].map((match) => (match[1] ?? match[2])!.toLowerCase()));
  expect(headers.size).toBeGreaterThan(12);
  for (const header of headers)
    expect([header, prose.toLowerCase().includes(`\`${header}`)]).toEqual([header, true]);
});

test('every limit is in the table of limits, with its default', () => {
  const options = settingsOf({
    version: '',
    host: '',
    port: 0,
    dataDir: '',
    pageDir: null,
    allowedHosts: [],
    observers: [],
  });
  const limits = Object.entries({ ...options, ...protocol }).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[0] !== 'port',
  );
  const rows = prose.split('\n').filter((line) => line.startsWith('| `'));
  for (const [name, value] of limits) {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` `)) ?? `no row for ${name}`;
    expect(row).toMatch(new RegExp(`\\| ${value.toLocaleString('en-US')} +\\|`));
  }
});

test('every parameter of a query is documented', () => {
  const names = [...sources.matchAll(/query\.(?:get|has)\('(\w+)'\)/g)].map((match) => match[1]!);
  expect(new Set(names).size).toBeGreaterThan(3);
  for (const name of names) expect(prose).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
});

function splitAtTable(text: string): [string, { number: number; file: string; title: string }[]] {
  const start = text.indexOf('\n## What holds each MUST\n');
  const end = text.indexOf('\n## ', start + 1);
  if (start < 0) throw new Error('docs/protocol.md has lost its section "What holds each MUST"');
  const table = text.slice(start, end).matchAll(/^\| (\d+) +\| `([a-z0-9/-]+)` +\| (.+?) +\|$/gm);
  const rows = [...table].map((match) => ({ number: Number(match[1]), file: match[2]!, title: match[3]! }));
  return [text.slice(0, start) + text.slice(end), rows];
}
