/** A database that holds two years of hosts, made of recorded samples: blocks are written as the keeper writes them, all tiers full. */
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { mkdirSync } from 'node:fs';
import { HistoryFile } from '../../hub/history/store/file/history-file.ts';
import { HostBlocks } from '../../hub/history/store/file/host-blocks.ts';
import { HISTORY_FILE } from '../../hub/history/store/file/file-name.ts';
import { SpanBuckets } from '../../hub/history/store/file/span-buckets.ts';
import { spanAt, stretchOf } from '../../hub/history/store/file/spans.ts';
import { defaultLadder, type Tier } from '../../hub/history/store/ladder.ts';
import type { Rows } from '../../hub/history/store/codec/rows.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import { eachSeries } from '../../shared/series.ts';

const ladder = defaultLadder;

/** Of one host, "host-0". `now`, in epoch milliseconds: where it ends. */
export function makeTwoYears(folder: string, samples: readonly Sample[], now: number): void {
  mkdirSync(folder, { recursive: true });
  using file = new HistoryFile(path.join(folder, HISTORY_FILE), { tiers: ladder.length });
  const raise = (error: Error) => {
    throw error;
  };
  for (const [tier, rule] of ladder.entries()) {
    const sealed = stretchOf(rule, spanAt(rule, tier === 0 ? now : file.marksOf(tier - 1)!.sealed)).from;
    const kept = stretchOf(rule, spanAt(rule, now - rule.keepMs)).from;
    file.mark(tier, { kept, sealed });
    for (let span = spanAt(rule, kept); stretchOf(rule, span).to <= sealed; span++) {
      const rows = rowsOf(samples, tier, rule, span);
      file.transaction(() => {
        const blocks = new HostBlocks('host-0', { file, ladder, onDamaged: raise });
        if (tier === 0) blocks.putRows(span, rows);
        else {
          const buckets = new SpanBuckets(ladder, tier, span);
          buckets.addRows(rows);
          buckets.write(blocks);
        }
      });
    }
  }
  file.cutLog();
}

/** More hosts that have the same, up to so many. */
export function multiply(folder: string, hosts: number): void {
  using file = new HistoryFile(path.join(folder, HISTORY_FILE), { tiers: ladder.length });
  const series = file.seriesOf('host-0');
  const copies = Array.from({ length: hosts - 1 }, (_, at) => {
    const copy = [...series].map(
      ([key, id]) => [id, file.addSeries(`host-${at + 1}`, key, Date.now())] as const,
    );
    return new Map(copy);
  });
  for (const tier of ladder.keys()) {
    const reach = file.spansWithBlocks(tier, 'host-0');
    for (let span = reach?.first ?? 0; span <= (reach?.last ?? -1); span++) {
      file.transaction(() => {
        for (const copy of copies) {
          for (const [id, copied] of copy) {
            const body = file.block(tier, span, id);
            if (body !== null) file.putBlock(tier, span, copied, body);
          }
        }
      });
    }
  }
  file.cutLog();
}

/** Three samples in each bucket, some at least: the numbers of a bucket differ then, as they do in truth. */
function rowsOf(samples: readonly Sample[], tier: number, { stepMs, spanMs }: Tier, span: number): Rows {
  const perBucket = tier === 0 ? 1 : 3;
  const length = (spanMs / stepMs) * perBucket;
  const times = Float64Array.from(
    { length },
    (_, row) => span * spanMs + Math.floor((row * stepMs) / perBucket),
  );
  const columns = new Map<string, Float64Array>();
  const first = randomInt(samples.length);
  for (let row = 0; row < length; row++) {
    eachSeries(samples[(first + row) % samples.length]!, (key, value) => {
      if (!columns.has(key)) columns.set(key, new Float64Array(length).fill(NaN));
      columns.get(key)![row] = value ?? NaN;
    });
  }
  return { times, columns };
}
