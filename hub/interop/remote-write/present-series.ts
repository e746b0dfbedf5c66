/**
 * What is written by its newest value: the hosts' statuses, filesystems and sensors. They are not made up for after an outage, and what the
 * history keeps of them is not written: a value from before the newest would be refused, and the place of a sensor is not kept.
 */
import type { HostRecord } from '../../hosts/host-record.ts';
import type { MetricSink } from '../../measure/exposition.ts';
import { addPresentMetrics } from '../../measure/host-metrics.ts';
import type { WrittenSeries } from './written-series.ts';

/** `time`: when it holds, in epoch milliseconds. */
export function presentSeries(records: readonly HostRecord[], time: number): WrittenSeries[] {
  const written: WrittenSeries[] = [hubUp(time)];
  const sink: MetricSink = {
    add(_type, name, _help, series) {
      for (const [labels, value] of series) {
        if (value === null) continue;
        written.push({ labels: { __name__: name, ...labels }, times: [time], values: [value] });
      }
    },
  };
  addPresentMetrics(sink, records);
  return written;
}

/** By which the other side knows that this hub writes at all. */
export function hubUp(time: number): WrittenSeries {
  return { labels: { __name__: 'watchline_hub_up' }, times: [time], values: [1] };
}
