/** Where the alerts of a chart are drawn: stretches that never lie over each other, amounts, and signs. */
import { describe, expect, test } from 'vitest';
import { alertBands } from '../../../../renderer/charts/alert-bands.ts';
import { signPlaces } from '../../../../renderer/charts/plot-alerts.ts';
import type { Alert, AlertLevel } from '../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../support/alert-of.ts';

const span = { from: 1_000, to: 2_000 };

function memoryAlert(
  since: number,
  firedAt: number,
  endedAt: number | null,
  changes: Partial<Alert> = {},
): Alert {
  return alertOf('web-1', {
    measure: 'memory',
    subject: null,
    above: 95,
    since,
    firedAt,
    endedAt,
    ...changes,
  });
}

function bandsOf(alerts: readonly Alert[], now = 5_000) {
  return alertBands(alerts, 'memory', span, now);
}

describe('stretches', () => {
  test('from when it held to its end: lighter before it fired', () => {
    expect(bandsOf([memoryAlert(1_200, 1_500, 1_800)]).segments).toEqual([
      { from: 1_200, to: 1_500, level: 'warn', isLead: true },
      { from: 1_500, to: 1_800, level: 'warn', isLead: false },
    ]);
  });

  test('what fires goes on until now, and no further than the chart does', () => {
    const fires = [memoryAlert(1_500, 1_500, null)];
    expect(bandsOf(fires, 1_700).segments).toEqual([
      { from: 1_500, to: 1_700, level: 'warn', isLead: false },
    ]);
    expect(bandsOf(fires).segments).toEqual([{ from: 1_500, to: 2_000, level: 'warn', isLead: false }]);
  });

  test('of what began earlier the rest, and nothing of what was over, or is yet to be', () => {
    const alerts = [memoryAlert(0, 100, 1_100), memoryAlert(0, 100, 900), memoryAlert(2_100, 2_200, null)];
    expect(bandsOf(alerts).segments).toEqual([{ from: 1_000, to: 1_100, level: 'warn', isLead: false }]);
  });

  test('wherever several overlap the worst of them is drawn, once', () => {
    let seed = 3;
    const random = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most;
    for (let round = 0; round < 200; round++) {
      const alerts = Array.from({ length: 1 + random(6) }, () => {
        const since = 900 + random(1_100);
        const firedAt = since + random(300);
        const level: AlertLevel = random(2) === 0 ? 'crit' : 'warn';
        return memoryAlert(since, firedAt, random(4) === 0 ? null : firedAt + random(400), { level });
      });
      const { segments } = bandsOf(alerts);
      for (let time = span.from + 0.5; time < span.to; time += 7) {
        const here = segments.filter(({ from, to }) => from <= time && to > time);
        expect(here.map(({ level, isLead }) => `${level} ${isLead}`)).toEqual(worstAt(alerts, time));
      }
    }
  });

  function worstAt(alerts: readonly Alert[], time: number): string[] {
    const fires = alerts.filter(({ firedAt, endedAt }) => firedAt <= time && (endedAt ?? Infinity) > time);
    const leads = alerts.filter(({ since, firedAt }) => since <= time && firedAt > time);
    for (const [own, isLead] of [
      [fires, false],
      [leads, true],
    ] as const)
      for (const level of ['crit', 'warn'])
        if (own.some((each) => each.level === level)) return [`${level} ${isLead}`];
    return [];
  }
});

describe('amounts', () => {
  test('the one that was fired above, for as long as it was', () => {
    expect(bandsOf([memoryAlert(1_200, 1_500, 1_800)]).limits).toEqual([
      { from: 1_200, to: 1_800, level: 'warn', above: 95 },
    ]);
  });

  test('of another amount another line, of the same amount one', () => {
    const alerts = [
      memoryAlert(1_200, 1_500, 1_800),
      memoryAlert(1_700, 1_750, 1_900, { level: 'crit' }),
      memoryAlert(1_200, 1_500, 1_800, { above: 80 }),
    ];
    expect(bandsOf(alerts).limits).toEqual([
      { from: 1_200, to: 1_900, level: 'crit', above: 95 },
      { from: 1_200, to: 1_800, level: 'warn', above: 80 },
    ]);
  });

  test('none of what the chart is not of', () => {
    const silent = memoryAlert(1_200, 1_500, 1_800, { measure: 'offline', above: null });
    expect(bandsOf([silent]).limits).toEqual([]);
    expect(alertBands([memoryAlert(1_200, 1_500, 1_800)], null, span, 5_000).limits).toEqual([]);
  });
});

describe('signs', () => {
  const area = { left: 100, right: 200, top: 8, bottom: 100 };
  const x = (time: number): number => 100 + (time - span.from) / 10;
  const placesOf = (alerts: readonly Alert[]) => signPlaces(bandsOf(alerts).signs, { area, x });

  test('stand where it fired, or where the chart begins, and within it', () => {
    const alerts = [
      memoryAlert(0, 100, 1_100),
      memoryAlert(1_400, 1_500, 1_600),
      memoryAlert(1_900, 2_000, null),
    ];
    expect(placesOf(alerts).map((place) => place.x)).toEqual([106, 150, 194]);
  });

  test('those that would touch are one, and it is the worst of them', () => {
    const alerts = [memoryAlert(1_400, 1_500, 1_600), memoryAlert(1_400, 1_600, 1_700, { level: 'crit' })];
    expect(placesOf(alerts)).toEqual([{ x: 150, level: 'crit' }]);
  });

  test('one that holds and has not fired has none', () => {
    expect(placesOf([memoryAlert(1_900, 2_100, null)])).toEqual([]);
  });
});
