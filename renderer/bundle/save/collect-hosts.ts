/** The hosts of a bundle as they were at the end of its window, and what they measured in it. */
import type { BundledEvent } from '../../../shared/bundle/bundle-record.ts';
import type { Host } from '../../../shared/schema/host.ts';
import type { HistoryRecord } from '../../../shared/schema/history.ts';
import { filesystemsAt, sensorsAt } from '../../app/past-readings.ts';
import type { HostState } from '../../store/host-state.ts';
import { bundleMessages } from '../bundle-messages.ts';
import { askHistory } from './ask-history.ts';
import type { Collecting } from './collect-bundle.ts';
import { redactedRecords } from './redacted-series.ts';
import { sampleAt, newestTime } from './sample-at.ts';

/** What the history does not have of the window is told as it is now, where the window ends not long ago. */
const STILL_TRUE_MS = 15 * 60_000;
/** A host that was silent for so many intervals, or buckets, at the end of the window was not there. */
const SILENT_INTERVALS = 10;

export async function collectHosts(collecting: Collecting): Promise<void> {
  const { wish, dashboard, onStep, nameOf, breathe } = collecting;
  for (const id of wish.hosts) {
    const state = dashboard.hostById(id);
    if (state === undefined) continue;
    let records: HistoryRecord[] = [];
    if (wish.parts.has('metrics')) {
      onStep(bundleMessages.save.steps.metrics(nameOf(id)));
      records = await askHistory(collecting, state);
    }
    write(collecting, state, records);
    await breathe();
  }
}

function write(
  { wish, writer, redactEvent, redactText }: Collecting,
  state: HostState,
  records: HistoryRecord[],
): void {
  const add = (event: BundledEvent) => {
    const told = redactEvent(event) as BundledEvent;
    writer.add({ kind: 'event', ...told });
  };
  const sample = sampleAt(state.sample.value, records);
  add({ name: 'host', data: hostAt(state.host.value, records, wish) });
  for (const source of state.sources.value) add({ name: 'source', data: source });
  for (const gap of state.gaps.value) {
    if (gap.from < wish.to && gap.to > wish.from) add({ name: 'gap', data: { ...gap, host: state.id } });
  }
  if (sample !== null) add({ name: 'sample', data: sample });
  const isOfThen = (data: { time: number }) => data.time >= wish.from && data.time <= wish.to + STILL_TRUE_MS;
  const { id, filesystems, sensors, processes } = state;
  const mounts = filesystemsAt(records, id, wish.to, filesystems.value) ?? filesystems.value;
  if (mounts && isOfThen(mounts)) add({ name: 'filesystems', data: mounts });
  const readings = sensorsAt(records, id, wish.to, sensors.value) ?? sensors.value;
  if (readings && isOfThen(readings)) add({ name: 'sensors', data: readings });
  if (wish.parts.has('processes') && processes.value && isOfThen(processes.value))
    add({ name: 'processes', data: processes.value });
  let hasRoom = true;
  for (const record of wish.isRedacted ? redactedRecords(records, redactText) : records)
    hasRoom &&= writer.add({ kind: 'history', record });
  if (!hasRoom) writer.leaveOut({ what: 'metrics', host: state.id, why: bundleMessages.omissions.noRoom });
}

/** Live or not, as its samples tell: what it is now says nothing about then. */
function hostAt(host: Host, records: readonly HistoryRecord[], { to }: { to: number }): Host {
  const begin = records.find(({ kind }) => kind === 'begin');
  const newest = newestTime(records);
  if (begin?.kind !== 'begin' || newest === null) return host;
  const isLive = to - newest <= SILENT_INTERVALS * Math.max(host.intervalMs, begin.stepMs);
  return {
    ...host,
    status: isLive ? 'live' : 'offline',
    statusSince: isLive ? Math.min(host.statusSince, newest) : newest,
    lastSeen: newest,
    uplink: null,
  };
}
