/** A host's list of sources is bounded: who makes way for a new one, what readers are told, and what they hear where nobody can. */
import { expect, test } from 'vitest';
import { HostRegistry } from '../../../hub/hosts/host-registry.ts';
import type { LogSource } from '../../../shared/schema/logs.ts';
import { logSourceOf, observedHost } from '../../support/observations.ts';

const MOST = 1_024;

function makeHost() {
  const published: LogSource[] = [];
  const registry = new HostRegistry((event) => {
    if (event.name === 'source') published.push(event.data);
  });
  registry.describe(observedHost());
  const record = registry.recordOf('web-1')!;
  return {
    registry,
    tell: (id: string, since: number, changes: Partial<LogSource> = {}) => {
      registry.observe({ name: 'source', data: logSourceOf('web-1', { id, since, ...changes }) });
    },
    listed: () => Array.from(record.sources.values(), ({ id }) => id),
    /** What was told since the last call: `gone` before the id of who leaves. */
    told: () => published.splice(0).map(({ id, gone }) => (gone ? `gone ${id}` : id)),
  };
}

/** `id`s 0 to 1,023, all of them read. */
function makeFullHost() {
  const host = makeHost();
  for (let index = 0; index < MOST; index++) host.tell(String(index), index);
  host.told();
  return host;
}

test('a new source takes the place of the one that waits longest, and readers are told', () => {
  const { tell, told, listed } = makeFullHost();
  tell('7', 5_000, { state: 'waiting', reason: 'The container was removed.' });
  tell('3', 6_000, { state: 'waiting', reason: 'The container was removed.' });
  told();
  tell('new', 7_000);
  expect(told()).toEqual(['gone 7', 'new']);
  tell('newer', 7_001);
  expect(told()).toEqual(['gone 3', 'newer']);
  expect(listed()).toHaveLength(MOST);
  expect(listed()).toContain('newer');
});

test('a file that is waited for and was never there makes way last', () => {
  const { tell, told } = makeHost();
  tell('expected', 0, { state: 'waiting' });
  for (let index = 1; index < MOST; index++) tell(String(index), index);
  tell('9', 5_000, { state: 'waiting' });
  told();
  tell('new', 6_000);
  tell('newer', 6_001);
  expect(told()).toEqual(['gone 9', 'new', 'gone expected', 'newer']);
});

test('one that made way and is read again is listed again', () => {
  const { tell, told, listed } = makeFullHost();
  tell('7', 5_000, { state: 'waiting' });
  tell('new', 5_001);
  tell('8', 5_002, { state: 'waiting' });
  told();
  tell('7', 5_003);
  expect(told()).toEqual(['gone 8', '7']);
  expect(listed()).toContain('7');
});

test('where all are read the owner is told once that others are left out, until there is room', () => {
  const { registry, tell, told, listed } = makeFullHost();
  tell('left out', 5_000);
  tell('left out too', 5_001);
  expect(told()).toEqual(['source-limit']);
  expect(registry.refused).toBe(2);
  expect(listed()).toContain('source-limit');
  tell('4', 5_002, { state: 'denied' });
  expect(told()).toEqual(['4']);
  tell('4', 5_003, { state: 'waiting' });
  told();
  tell('left out', 5_004);
  expect(told()).toEqual(['gone 4', 'gone source-limit', 'left out']);
  expect(listed()).not.toContain('source-limit');
});

test('a source that another hub lets go of leaves here as well; one nobody knew is no event', () => {
  const { registry, tell, told, listed } = makeHost();
  tell('a', 0);
  tell('a', 1, { gone: true });
  tell('b', 2, { gone: true });
  expect(told()).toEqual(['a', 'gone a']);
  expect(listed()).toEqual([]);
  expect(registry.refused).toBe(1);
});
