/** What is asked for before the charts are there is what they ask for. */
import { expect, test } from 'vitest';
import { askAhead, firstKeys } from '../../../../renderer/app/ask-ahead.ts';
import { hostWindow, USUAL_POINTS } from '../../../../renderer/app/host-window.ts';
import type { PastRequest } from '../../../../renderer/app/past-series.ts';
import { keysOf } from '../../../../renderer/charts/chart-spec.ts';
import * as charts from '../../../../renderer/screens/host/host-charts.ts';
import { createHostState } from '../../../../renderer/store/host-state.ts';
import { publishNow } from '../../../../renderer/store/publisher.ts';
import { hostOf } from '../../../support/observations.ts';

const now = 1_764_000_000_000;
const week = 7 * 86_400_000;

function asked(query: Record<string, string>, name = 'host'): PastRequest[] {
  const requests: PastRequest[] = [];
  const past = { window: (request: PastRequest) => (requests.push(request), emptyWindow) };
  askAhead(past, { name, params: { id: 'a' }, query }, now);
  return requests;
}

const emptyWindow = { times: new Float64Array(), columns: [], lows: [], highs: [], stepMs: 0, holes: [] };

test('a window of the past is asked for as its charts will', () => {
  const span = { from: now - week, to: now - week + 3_600_000 };
  const [ahead] = asked({ from: String(span.from), to: String(span.to) });
  const later: PastRequest[] = [];
  const state = createHostState(hostOf('a', { statusSince: 0, lastSeen: now }), publishNow);
  const past = { window: (request: PastRequest) => (later.push(request), emptyWindow) };
  hostWindow(state, past, firstKeys, span, USUAL_POINTS);
  expect(ahead).toEqual(later[0]);
});

test('and so is a long live one, but not what the stream brings by itself, nor on other screens', () => {
  expect(asked({ window: '24h' })[0]).toMatchObject({ to: now, spanMs: 86_400_000 });
  expect(asked({ window: '5m' })).toEqual([]);
  expect(asked({})).toEqual([]);
  expect(asked({ window: '24h' }, 'logs')).toEqual([]);
});

test('the first charts need no other keys', () => {
  const specs = [
    charts.cpuChart(),
    charts.memoryChart(1, false),
    charts.diskTrafficChart(),
    charts.networkChart('bits'),
  ];
  expect([...new Set(specs.flatMap(keysOf))].sort()).toEqual([...firstKeys].sort());
});
