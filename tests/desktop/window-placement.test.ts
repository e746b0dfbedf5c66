/** A window comes back where it was, on the display where it was, and never where nobody could reach it. */
import { expect, it } from 'vitest';
import { firstState, parseDesktopState, type DesktopState } from '../../electron/state/desktop-state.ts';
import { choosePlacement } from '../../electron/window/placement.ts';

const laptop = { id: 1, workArea: { x: 0, y: 30, width: 1440, height: 870 } };
const monitor = { id: 2, workArea: { x: 1440, y: 0, width: 2560, height: 1400 } };
const onLaptop = { bounds: { x: 100, y: 80, width: 900, height: 700 }, isMaximized: false };
const onMonitor = { bounds: { x: 2000, y: 200, width: 1600, height: 1000 }, isMaximized: true };
const state: DesktopState = {
  ...firstState,
  lastDisplay: '2',
  placements: { '1': onLaptop, '2': onMonitor },
};

it('is centred at a size that fits at the first start', () => {
  const small = { id: 1, workArea: { x: 0, y: 0, width: 1024, height: 700 } };
  expect(choosePlacement(firstState, [small]).bounds).toEqual({ x: 0, y: 0, width: 1024, height: 700 });
  expect(choosePlacement(firstState, [laptop]).bounds).toEqual({ x: 80, y: 49, width: 1280, height: 832 });
});

it('returns to the display it was last on', () => {
  expect(choosePlacement(state, [laptop, monitor])).toEqual(onMonitor);
});

it('returns to its old place on the laptop when the monitor is gone', () => {
  expect(choosePlacement(state, [laptop])).toEqual(onLaptop);
});

it.each([
  ['left of every display', { x: -900, y: 80, width: 900, height: 700 }],
  ['below every display', { x: 100, y: 2000, width: 900, height: 700 }],
  ['with its title bar above the top', { x: 100, y: -300, width: 900, height: 700 }],
  ['with a sliver showing', { x: 1430, y: 80, width: 900, height: 700 }],
])('is not opened %s', (_where, bounds) => {
  const lost = { ...firstState, lastDisplay: '1', placements: { '1': { bounds, isMaximized: false } } };
  expect(choosePlacement(lost, [laptop]).bounds).toEqual({ x: 80, y: 49, width: 1280, height: 832 });
});

it.each([
  '',
  'null',
  '{"theme":"pink"}',
  '[]',
  '{"theme":"dark"',
  JSON.stringify({ ...state, placements: { '1': { bounds: { x: 1e99 } } } }),
])('a state of %j counts as a first start', (text) => expect(parseDesktopState(text)).toEqual(firstState));

it('a state that was written is read back', () => {
  expect(parseDesktopState(JSON.stringify(state))).toEqual(state);
});
