/** What the temperature chart is drawn of: readings the page has seen, and before them what the hub kept. */
import { hostWindow } from '../../app/host-window.ts';
import type { PastSeries } from '../../app/past-series.ts';
import type { ChartBoard, ChartSource } from '../../charts/chart-board.ts';
import type { HostState } from '../../store/host-state.ts';
import type { Sensors } from '../../../shared/schema/slow-tiers.ts';
import { pointsFor } from './host-board.ts';
import { hostMessages } from './host-messages.ts';
import type { SeenReadings } from './seen-readings.ts';

export interface SensorSourceOptions {
  state: Pick<HostState, 'id'>;
  sensors: SeenReadings<Sensors>;
  past: Pick<PastSeries, 'window'>;
  /** Of the screen: why there is nothing, it says for all charts. */
  board: Pick<ChartBoard, 'gapIn'>;
}

export function sensorSource({ state, sensors, past, board }: SensorSourceOptions): ChartSource {
  return {
    get intervalMs() {
      return sensors.intervalMs;
    },
    window(keys, span, points) {
      const { intervalMs } = sensors;
      const own = { id: state.id, host: { value: { intervalMs } }, series: sensors };
      return hostWindow(own, past, keys, span, pointsFor(points));
    },
    gapIn(span) {
      const known = board.gapIn(span);
      const { oldest } = sensors;
      if (known !== null || (oldest !== null && span.to > oldest)) return known;
      // Nobody kept it: a hub without a history, or of before it had sensors.
      return { ...span, reason: hostMessages.charts.notKept, isExpected: true };
    },
  };
}
