/** The axis grows at once and comes down only after ten calm seconds. */
import { describe, expect, test } from 'vitest';
import { Autoscale } from '../../../../renderer/charts/autoscale.ts';

const options = { base: 'decimal', floor: 10, maxSteps: 4 } as const;

describe('Autoscale', () => {
  test('never ends below its floor', () => {
    expect(new Autoscale(options).update(0.3, 0, 0)).toEqual({ min: 0, max: 10, step: 5 });
  });

  test('never ends above its ceiling, however near the peak comes', () => {
    const limited = { ...options, ceiling: 100 };
    expect(new Autoscale(limited).update(99, 0, 0)).toEqual({ min: 0, max: 100, step: 50 });
    expect(new Autoscale(options).update(99, 0, 0).max).toBe(150);
    expect(new Autoscale(limited).update(30, 0, 0).max).toBeLessThan(100);
  });

  test('grows with the first larger value', () => {
    const scale = new Autoscale(options);
    scale.update(8, 0, 0);
    expect(scale.update(350, 0, 1).max).toBeGreaterThanOrEqual(350);
  });

  test('keeps its top for ten seconds after the peak left, then fits what is there', () => {
    const scale = new Autoscale(options);
    const tall = scale.update(350, 0, 0).max;
    expect(scale.update(20, 0, 1_000).max).toBe(tall);
    expect(scale.update(30, 0, 10_900).max).toBe(tall);
    const low = scale.update(20, 0, 11_000).max;
    expect(low).toBeLessThan(tall);
    expect(low).toBeGreaterThanOrEqual(30);
  });

  test('a new peak starts the wait anew', () => {
    const scale = new Autoscale(options);
    scale.update(350, 0, 0);
    scale.update(20, 0, 1_000);
    const tall = scale.update(400, 0, 9_000).max;
    expect(scale.update(20, 0, 12_000).max).toBe(tall);
    expect(scale.update(20, 0, 21_000).max).toBe(tall);
    expect(scale.update(20, 0, 22_000).max).toBeLessThan(tall);
  });

  test('both halves of a mirrored axis share one step', () => {
    const axis = new Autoscale({ ...options, maxSteps: 2 }).update(90, -15, 0);
    expect(axis).toEqual({ min: -50, max: 100, step: 50 });
  });

  test('after a reset it fits at once', () => {
    const scale = new Autoscale(options);
    scale.update(350, 0, 0);
    scale.reset();
    expect(scale.update(20, 0, 1).max).toBeLessThan(100);
  });
});
