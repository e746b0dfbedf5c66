/** What holds for the documents: every link leads somewhere, every file they name is there, every decision is in the index. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { allMechanisms } from '../../scripts/mechanisms/all-mechanisms.ts';
import { root } from './room-lint.ts';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean);
const documents = files.filter((file) => file.endsWith('.md'));
const decisions = documents.filter((file) => /^docs\/adr\/\d/.test(file));

/** As GitHub makes them of headings. */
export function anchorsOf(text: string): string[] {
  const headings = text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Links to files and headings of the repository that are not there. */
export function deadLinks(document: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? document : path.posix.join(path.posix.dirname(document), file);
      if (!files.some((each) => each === target || each.startsWith(`${target}/`))) return true;
      if (anchor === undefined) return false;
      return !anchorsOf(target === document ? text : read(target)).includes(anchor);
    });
}

/** Sources in backticks, by their path or its end, that are not there: `hub/http/routes.ts`, `routes.ts`. */
export function missingSources(text: string): string[] {
  return [...text.matchAll(/`([\w./-]+\.(?:ts|vue|mjs|css))`/g)]
    .map(([, source]) => source!)
    .filter((source) => !files.some((file) => file === source || file.endsWith(`/${source}`)));
}

describe('every document', () => {
  it('is found', () => expect(documents.length).toBeGreaterThan(20));

  it('links to what is there', () => {
    const dead = documents.map((document) => [document, deadLinks(document, read(document))] as const);
    expect(dead.filter(([, links]) => links.length > 0)).toEqual([]);
  });

  it('names sources that are there', () => {
    const missing = documents.map((document) => [document, missingSources(read(document))] as const);
    expect(missing.filter(([, sources]) => sources.length > 0)).toEqual([]);
  });
});

it('every decision has the number of its file, and stands in the index by its title', () => {
  const index = read('docs/adr/README.md');
  for (const file of decisions) {
    const [title = ''] = read(file).split('\n');
    const { base } = path.posix.parse(file);
    expect(title).toMatch(new RegExp(`^# ${base.slice(0, 4)}: `));
    expect(index).toContain(`- [${title.slice(2)}](${base})\n`);
  }
});

it('every promise that a mechanism keeps is written down, each with its number', () => {
  const numbers = [...read('docs/promises.md').matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from(numbers, (_, index) => index + 1));
  const kept = new Set(allMechanisms.map(({ promise }) => promise));
  expect([...kept].filter((promise) => !numbers.includes(promise))).toEqual([]);
});

describe('the checks can fail', () => {
  it.each(['nowhere.md', 'hub', '#nothing', 'adr/README.md#nothing'])('a link to %s', (link) => {
    expect(deadLinks('docs/architecture.md', `# A heading\n\n[x](${link})`)).toEqual([link]);
  });
  it.each(['adr', '../README.md', '#a-heading', 'adr/README.md#why-it-is-built-as-it-is'])(
    'but not one to %s',
    (link) => expect(deadLinks('docs/architecture.md', `# A heading\n\n[x](${link})`)).toEqual([]),
  );
  it('a source that is gone', () => {
    expect(missingSources('`hub/http/routes.ts`, `routes.ts`, `hub/gone.ts`')).toEqual(['hub/gone.ts']);
  });
});

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
