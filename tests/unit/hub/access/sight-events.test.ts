/** Every kind of event with every kind of sight: who gets it. */
import { expect, test } from 'vitest';
import { bitsOf, everything, nothing, wholeHub, type Sight } from '../../../../hub/access/sight.ts';
import { shownEvent } from '../../../../hub/access/shown-event.ts';
import { encodeFrame } from '../../../../hub/stream/frame.ts';
import { ShownFrames } from '../../../../hub/stream/shown-frames.ts';
import { makeView } from '../../../../hub/stream/view.ts';
import { streamEvents, type StreamEvent, type StreamEventName } from '../../../../shared/events.ts';
import { channels } from '../../../../shared/event-rules.ts';
import { busEventNames, eventOf } from '../../../support/events-of-all-kinds.ts';
import { logLineOf, sampleOf, startTime } from '../../../support/observations.ts';

/** Of host web-1 alone, and of it metrics and state. */
const part: Sight = {
  ...everything,
  key: 'part',
  extent: 'part',
  channelBits: bitsOf(['metrics', 'state']),
  hosts: ['web-1'],
  holdsHost: (id) => id === 'web-1',
  hostKnownAs: (id) => (id === 'web-1' ? id : null),
};

const sights = { owner: everything, hub: wholeHub(null), part, nothing };
type SightName = keyof typeof sights;

/** Who gets an event about web-1, and about another host. What is about no host has the same in both columns. */
const expected: Partial<Record<StreamEventName, [web1: string, other: string]>> = {
  host: ['owner hub part', 'owner hub'],
  gone: ['owner hub part', 'owner hub'],
  source: ['owner hub part', 'owner hub'],
  sample: ['owner hub part', 'owner hub'],
  backfill: ['owner hub part', 'owner hub'],
  filesystems: ['owner hub part', 'owner hub'],
  sensors: ['owner hub part', 'owner hub'],
  processes: ['owner hub', 'owner hub'],
  log: ['owner hub', 'owner hub'],
  gap: ['owner hub part', 'owner hub'],
  alert: ['owner hub part', 'owner hub'],
  note: ['owner hub part', 'owner hub'],
  presence: ['owner hub part', 'owner hub part'],
  pointer: ['owner hub part', 'owner hub'],
  audit: ['owner', 'owner'],
};

const makeFrame = (event: StreamEvent) => encodeFrame(event, 7, 'abcde-7');

function whoGets(event: StreamEvent): string {
  const frame = makeFrame(event);
  const shown = new ShownFrames();
  const names = Object.keys(sights) as SightName[];
  return names
    .filter((name) => shown.of(frame, makeView(channels, null, -1, 0, sights[name])) !== null)
    .join(' ');
}

test('every kind of event has a row that says who gets it', () => {
  expect(Object.keys(expected).sort()).toEqual([...busEventNames].sort());
  const onBus = Object.entries(streamEvents).filter(([, { channel }]) => channel !== null);
  expect(onBus.map(([name]) => name).sort()).toEqual([...busEventNames].sort());
});

test.for(busEventNames)('%s reaches those who may see it, and nobody else', (name) => {
  expect([whoGets(eventOf(name, 'web-1')!), whoGets(eventOf(name, 'db-1')!)]).toEqual(expected[name]);
});

test('what a reader asks for narrows its sight, and never widens it', () => {
  const frame = makeFrame({ name: 'sample', data: sampleOf('db-1') });
  const lines = makeFrame({ name: 'log', data: logLineOf('web-1') });
  const shown = new ShownFrames();
  const view = makeView(['metrics', 'logs'], ['db-1', 'web-1'], -1, 0, part);
  expect([shown.of(frame, view), shown.of(lines, view)]).toEqual([null, null]);
  expect([view.channels, view.toldHosts]).toEqual([['metrics'], ['web-1']]);
});

test('views of two sights are two views, and those of one sight are one', () => {
  const keys = Object.values(sights).map((sight) => makeView(channels, ['web-1'], -1, 0, sight).key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(makeView(channels, null, -1, 0, { ...part }).key).toBe(makeView(channels, null, -1, 0, part).key);
});

test('a frame is changed once for all views of a sight, and keeps its place; one that is not changed is not copied', () => {
  let asked = 0;
  const louder: Sight = {
    ...everything,
    key: 'louder',
    show: (event) => {
      asked++;
      return event.name === 'log' ? { name: 'log', data: { ...event.data, text: 'LOUD' } } : event;
    },
  };
  const shown = new ShownFrames();
  const views = [makeView(channels, null, -1, 0, louder), makeView(['logs'], ['web-1'], -1, 0, louder)];
  const line = makeFrame({ name: 'log', data: logLineOf('web-1') });
  const [first, second] = views.map((view) => shown.of(line, view)!);
  expect([first === second, asked]).toEqual([true, 1]);
  expect(first!.bytes.toString()).toMatch(/^id: abcde-7\nevent: log\ndata: .*"text":"LOUD"/);
  const sample = makeFrame({ name: 'sample', data: sampleOf() });
  expect(shown.of(sample, views[0]!)).toBe(sample);
  expect(shown.of(line, makeView(channels, null, -1))).toBe(line);
});

test('a host that is shown by another name is that one in all that is made from the frame', () => {
  const veiled: Sight = {
    ...everything,
    key: 'veiled',
    hostKnownAs: (id) => (id === 'host-x' ? 'web-1' : null),
    show: (event) => ({ ...event, data: { ...event.data, host: 'host-x' } }) as StreamEvent,
  };
  const view = makeView(channels, ['host-x', 'web-1'], -1, 0, veiled);
  const frame = new ShownFrames().of(makeFrame({ name: 'log', data: logLineOf('web-1') }), view)!;
  expect([frame.host, view.toldHosts]).toEqual(['host-x', ['host-x']]);
  expect(frame.bytes.toString()).not.toContain('web-1');
});

test('a sight with a beginning shows nothing from before it, and cuts what spans it', () => {
  const since: Sight = { ...everything, key: 'since', since: startTime + 500 };
  const show = (event: StreamEvent) => shownEvent(since, event);
  expect(show(eventOf('sample')!)).toBeNull();
  const later: StreamEvent = { name: 'sample', data: sampleOf('web-1', 1) };
  expect(show(later)).toBe(later);
  expect(show(eventOf('backfill')!)?.data).toMatchObject({
    times: [startTime + 1_000],
    series: { 'cpu.busy': [2] },
  });
  expect(show(eventOf('gap')!)?.data).toMatchObject({ from: startTime + 500, to: startTime + 1_000 });
  expect(show(eventOf('note')!)).toBeNull();
  const described = eventOf('host')!;
  expect(show(described)).toBe(described);
});

test('a live sight shows what is of now, and nothing that comes late', () => {
  const live: Sight = { ...everything, key: 'live', since: 'live' };
  const now = Date.now();
  const line: StreamEvent = { name: 'log', data: logLineOf('web-1', 0, { time: now }) };
  expect(shownEvent(live, line)).toBe(line);
  expect(shownEvent(live, { name: 'log', data: { ...line.data, late: true } as never })).toBeNull();
  expect(shownEvent(live, { name: 'log', data: { ...line.data, time: now - 120_000 } })).toBeNull();
  expect(shownEvent(live, eventOf('backfill')!)).toBeNull();
});
