/** What an event looks like as a line in the terminal. Text from outside is made visible, so nothing in it is obeyed. */
import type { LogLine, LogSource } from '../../shared/schema/logs.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import { totalsOf } from '../../shared/series.ts';
import { visibleText } from '../../shared/visible-text.ts';
import type { Skipped } from './missed/hole.ts';
import type { Paint } from './paint.ts';
import { bitsPerSecond, bytes } from './units.ts';

export interface LineStyle {
  paint: Paint;
  /** A host's name by its id, as text that is safe to print; null where one host alone is watched. */
  hostName: ((id: string) => string) | null;
}

export function logLineText(line: LogLine, { paint, hostName }: LineStyle): string {
  const level = (line.level ?? '-').toUpperCase().padEnd(5);
  const where = [hostName?.(line.host), visibleText(line.source)].filter(Boolean).join(' ');
  const cut = line.truncated ? paint(' [cut at 64 KiB]', 'notice') : '';
  return `${paint(clock(line.time), 'muted')} ${paint(level, line.level ?? 'muted')} ${paint(where, 'muted')} ${visibleText(line.text)}${cut}`;
}

export function sampleText(sample: Sample, { paint, hostName }: LineStyle): string {
  const totals = totalsOf(sample);
  const { memory, load } = sample;
  const parts = [
    `cpu ${totals.cpuBusyPercent.toFixed(1).padStart(5)} %`,
    `mem ${bytes(memory.usedBytes)} of ${bytes(memory.totalBytes)}`,
    `disk read ${bytes(totals.diskReadBytesPerSecond)}/s write ${bytes(totals.diskWriteBytesPerSecond)}/s`,
    `net in ${bitsPerSecond(totals.receiveBytesPerSecond)} out ${bitsPerSecond(totals.transmitBytesPerSecond)}`,
    ...(load === null ? [] : [`load ${load.one.toFixed(2)}`]),
  ];
  const host = hostName === null ? '' : `${hostName(sample.host)} `;
  return `${paint(clock(sample.time), 'muted')} ${host}${parts.join('  ')}`;
}

const gapReasons: Record<Skipped['reason'], string> = {
  'slow-reader': 'this reader was too slow',
  'source-overflow': 'the source was faster than could be read',
  'source-reset': 'the source was cut or replaced',
  offline: 'the host was offline',
  asleep: 'the host was asleep',
  'host-paused': 'the host was paused by its owner',
  'spool-overflow': "the agent's spool was full",
  'spool-damaged': "the agent's spool was damaged",
  lost: 'they came while the stream was lost, and the hub has no more of them',
};

export function gapText(gap: Skipped, { paint, hostName }: LineStyle): string {
  const what = gap.count === null ? uncounted(gap) : `${gap.count} ${gap.channel} skipped`;
  const host = gap.host === null || hostName === null ? '' : `${hostName(gap.host)} `;
  return paint(
    `--- ${host}${clock(gap.from)} to ${clock(gap.to)}: ${what}, because ${gapReasons[gap.reason]}`,
    'notice',
  );
}

function uncounted({ reason }: Skipped): string {
  return reason === 'lost' ? 'lines may be missing' : 'something is missing';
}

/** Null for a source that is followed: only what is wrong is worth a line. */
export function sourceText(source: LogSource, { paint, hostName }: LineStyle): string | null {
  if (source.state === 'following' || source.reason === null) return null;
  const host = hostName === null ? '' : `${hostName(source.host)} `;
  return paint(`--- ${host}${visibleText(source.label)}: ${visibleText(source.reason)}`, 'notice');
}

/** Local time, to the millisecond. */
function clock(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}
