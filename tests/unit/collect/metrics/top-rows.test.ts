/** The union of the largest by each criterion. */
import { describe, expect, it } from 'vitest';
import { largest, TOP_ROWS, topRows } from '../../../../collect/metrics/top-rows.ts';

const scattered = Array.from({ length: 500 }, (_, index) => (index * 7919) % 500);

describe('largest', () => {
  it('finds what sorting would', () => {
    const sorted = [...scattered].sort((a, b) => b - a).slice(0, 20);
    expect(largest(scattered, 20, (value) => value)).toEqual(sorted);
  });

  it('leaves out zero and what is no number', () => {
    expect(largest([0, NaN, 3, 0, 1], 4, (value) => value)).toEqual([3, 1]);
  });
});

describe('topRows', () => {
  it('holds the largest of every criterion, each once', () => {
    const items = scattered.map((value, index) => ({ cpu: value, memory: 500 - value, io: index }));
    const rows = topRows(items, { cpu: (row) => row.cpu, memory: (row) => row.memory, io: (row) => row.io });
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows[0]!.cpu).toBe(499);
    for (const key of ['cpu', 'memory', 'io'] as const) {
      const top = [...items].sort((a, b) => b[key] - a[key]).slice(0, TOP_ROWS);
      expect(rows).toEqual(expect.arrayContaining(top));
    }
  });
});
