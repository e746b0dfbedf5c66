/** The volume chart's buckets by time and level. */
import { describe, expect, it } from 'vitest';
import { volumeOf } from '../../../../renderer/screens/logs/volume.ts';
import { levelRank, type LogLevel } from '../../../../shared/log-level.ts';

const now = 1_000_000_000;
type Line = [time: number, level: LogLevel | null];

describe('volumeOf', () => {
  it('puts each line of the span into its bin, by kind', () => {
    const lines: Line[] = [
      [0, 'info'],
      [9, null],
      [10, 'warn'],
      [99, 'fatal'],
      [100, 'error'],
    ];
    const volume = volumeOf({ each: eachOf(lines), binCount: 10, now, span: { from: 0, to: 100 } });
    expect(volume.bins[0]).toEqual([2, 0, 0]);
    expect(volume.bins[1]).toEqual([0, 1, 0]);
    expect(volume.bins[9]).toEqual([0, 0, 2]);
    expect(volume).toMatchObject({ lines: 5, warnings: 1, errors: 2, earlier: 0 });
  });

  it('looks back as far as most lines go, and counts the few older ones', () => {
    const lines: Line[] = [[now - 86_400_000 * 20, 'info']];
    for (let n = 0; n < 99; n++) lines.push([now - n * 2_000, 'info']);
    const volume = volumeOf({ each: eachOf(lines), binCount: 50, now, span: null });
    expect(volume.from).toBe(now - 300_000);
    expect(volume.earlier).toBe(1);
    expect(volume.bins.flat().reduce((sum, count) => sum + count, 0)).toBe(99);
  });

  it('shows a minute where there is nothing', () => {
    const volume = volumeOf({ each: eachOf([]), binCount: 5, now, span: null });
    expect([volume.from, volume.lines]).toEqual([now - 60_000, 0]);
  });

  it('shows lines of a host whose clock is ahead', () => {
    const volume = volumeOf({ each: eachOf([[now + 5_000, 'info']]), binCount: 5, now, span: null });
    expect(volume.to).toBe(now + 5_001);
    expect(volume.bins[4]).toEqual([1, 0, 0]);
  });
});

function eachOf(lines: Line[]): (visit: (time: number, rank: number) => void) => void {
  return (visit) => lines.forEach(([time, level]) => visit(time, levelRank(level)));
}
