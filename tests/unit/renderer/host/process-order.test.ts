/** The order of the process table, and its filter. */
import { describe, expect, test } from 'vitest';
import {
  filterProcesses,
  firstDirection,
  keepOrder,
  processKey,
  sortProcesses,
} from '../../../../renderer/screens/host/process-order.ts';
import { processRow } from './process-row.ts';

const rows = [
  processRow({ pid: 10, name: 'nginx', user: 'www', cpuPercent: 5, residentBytes: 300 }),
  processRow({
    pid: 9,
    name: 'postgres',
    user: 'db',
    cpuPercent: 50,
    residentBytes: 100,
    writeBytesPerSecond: 7,
  }),
  processRow({
    pid: 100,
    name: 'node',
    user: 'web',
    cpuPercent: 5,
    residentBytes: 200,
    readBytesPerSecond: null,
    writeBytesPerSecond: null,
  }),
];
const pids = (list: readonly { pid: number }[]): number[] => list.map(({ pid }) => pid);

describe('sortProcesses', () => {
  test.each([
    ['cpu', [9, 10, 100]],
    ['memory', [10, 100, 9]],
    ['io', [9, 10, 100]],
    ['pid', [9, 10, 100]],
    ['name', [10, 100, 9]],
    ['user', [9, 100, 10]],
  ] as const)('by %s, the way people look first', (sort, expected) => {
    expect(pids(sortProcesses(rows, firstDirection(sort)))).toEqual(expected);
  });

  test('turned round', () => {
    expect(pids(sortProcesses(rows, { sort: 'pid', isDescending: true }))).toEqual([100, 10, 9]);
    expect(pids(sortProcesses(rows, { sort: 'memory', isDescending: false }))).toEqual([9, 100, 10]);
  });

  test('leaves the table it was given alone', () => {
    const before = pids(rows);
    sortProcesses(rows, firstDirection('cpu'));
    expect(pids(rows)).toEqual(before);
  });
});

describe('keepOrder', () => {
  test('rows keep their places while numbers change; new ones come last', () => {
    const keys = sortProcesses(rows, firstDirection('cpu')).map(processKey);
    const next = [
      processRow({ pid: 7, cpuPercent: 99 }),
      ...rows.map((row) => ({ ...row, cpuPercent: 100 - row.pid })),
    ];
    expect(pids(keepOrder(next, keys))).toEqual([9, 10, 100, 7]);
  });

  test('a pid used again is another process', () => {
    const reused = processRow({ pid: 9, startTime: 2 });
    expect(pids(keepOrder([reused, rows[0]!], [processKey(rows[1]!), processKey(rows[0]!)]))).toEqual([
      10, 9,
    ]);
  });
});

describe('filterProcesses', () => {
  const named = [
    processRow({ pid: 1, name: 'node', command: '/usr/bin/node server.js', user: 'Deploy' }),
    processRow({ pid: 2, name: 'nginx', command: 'nginx: worker', user: 'www' }),
  ];
  test.each([
    ['SERVER', [1]],
    ['deploy node', [1]],
    ['2', [2]],
    ['n', [1, 2]],
    ['  ', [1, 2]],
    ['nginx deploy', []],
    ['.*', []],
  ])('%j', (text, expected) => {
    expect(pids(filterProcesses(named, text))).toEqual(expected);
  });
});
