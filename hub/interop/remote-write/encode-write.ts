/**
 * A remote-write request, version 1.0 (prometheus.io/docs/specs/prw/remote_write_spec): Protocol Buffers, compressed with Snappy's
 * block format. Field numbers are those of `prompb/remote.proto` and `prompb/types.proto`.
 */
import { PbfWriter } from 'pbf';
import { compress } from 'snappyjs';
import type { WrittenSeries } from './written-series.ts';

export function encodeWrite(series: readonly WrittenSeries[]): Uint8Array {
  const writer = new PbfWriter();
  for (const one of series) writer.writeMessage(1, writeSeries, one);
  return compress(writer.finish());
}

/** Labels in the order of their names, as the specification wants them; an empty one is none. */
function writeSeries({ labels, times, values }: WrittenSeries, writer: PbfWriter): void {
  const names = Object.keys(labels).sort();
  for (const name of names) {
    if (labels[name] !== '') writer.writeMessage(1, writeLabel, { name, value: labels[name]! });
  }
  for (const [at, time] of times.entries()) writer.writeMessage(2, writeSample, { value: values[at]!, time });
}

function writeLabel({ name, value }: { name: string; value: string }, writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeStringField(2, value);
}

function writeSample({ value, time }: { value: number; time: number }, writer: PbfWriter): void {
  writer.writeDoubleField(1, value);
  writer.writeVarintField(2, time);
}
