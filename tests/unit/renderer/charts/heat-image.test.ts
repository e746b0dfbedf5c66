/** The pixels of a heat strip. */
import { describe, expect, test } from 'vitest';
import { heatImage, heatShades } from '../../../../renderer/charts/heat-image.ts';

const shades = heatShades('#000000', '#ffffff');
const view = { from: 0, to: 10_000, intervalMs: 1000, width: 10 };

describe('heatImage', () => {
  test('shades run from cold to hot, opaque', () => {
    expect(shades[0]).toBe(0xff000000);
    expect(shades[100]).toBe(0xffffffff);
  });

  test('a sample fills the interval it stands for; a gap stays transparent', () => {
    const samples = { times: Float64Array.of(1000, 2000, 8000), columns: [Float64Array.of(0, 100, 50)] };
    const row = [...heatImage(samples, view, shades)];
    expect(row).toEqual([shades[0], shades[100], 0, 0, 0, 0, 0, shades[50], 0, 0]);
  });

  test('the highest of the samples that share a pixel shows', () => {
    const samples = {
      times: Float64Array.from({ length: 10 }, (_, i) => (i + 1) * 1000),
      columns: [Float64Array.of(1, 1, 100, 1, 1, 1, 1, 1, 1, 1), new Float64Array(10).fill(Number.NaN)],
    };
    const image = heatImage(samples, { ...view, width: 2 }, shades);
    expect([...image]).toEqual([shades[100], shades[1], 0, 0]);
  });
});
