/** Reads the journal again when the hub starts: its hosts, their last minutes, and which records have come. */
import type { Observation } from '../../shared/events.ts';
import type { ObservedHost } from '../../shared/observer.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import type { KeptHost } from './host-intake.ts';
import type { IntakeJournal, JournalEntry, JournalHead } from './intake-journal.ts';
import { undescribed } from './undescribed.ts';
import { RunLedger } from './run-ledger.ts';
import { SeqRanges } from './seq-ranges.ts';

interface Recalled {
  described: ObservedHost | null;
  ledger: RunLedger;
  /** Of the journal's own records, by run. */
  come: Map<string, SeqRanges>;
}

/** `isAgent`: false for a host that is nobody's any more. Readers are told nothing. */
export async function recall(
  journal: IntakeJournal,
  registry: HostRegistry,
  isAgent: (host: string) => boolean,
): Promise<Map<string, KeptHost>> {
  const hosts = new Map<string, Recalled>();
  const recalledOf = (id: string) => {
    const recalled = hosts.get(id) ?? { described: null, ledger: new RunLedger(), come: new Map() };
    hosts.set(id, recalled);
    return recalled;
  };
  for await (const { head, entry } of journal.replay()) {
    if (entry && isAgent(entry.host)) recallEntry(entry, recalledOf(entry.host), registry);
    for (const [id, kept] of Object.entries(head ?? {})) {
      if (isAgent(id)) recallHead(kept, recalledOf(id), registry);
    }
  }
  for (const [id, { ledger, come }] of hosts) {
    for (const [run, ranges] of come) ledger.include(run, ranges);
    registry.lift(id, 'pairing');
    registry.silence(id);
  }
  return new Map([...hosts].map(([id, { described, ledger }]) => [id, { described, runs: ledger.toJSON() }]));
}

function recallHead(
  { described, runs }: JournalHead[string],
  recalled: Recalled,
  registry: HostRegistry,
): void {
  for (const [run, ranges] of runs) recalled.ledger.include(run, SeqRanges.of(ranges));
  if (described !== null) describe(described, recalled, registry);
}

/** A record may stand there twice: written, not known to be written, and sent again. */
function recallEntry({ host, records }: JournalEntry, recalled: Recalled, registry: HostRegistry): void {
  const observations: Observation[] = [];
  for (const { run, seq, name, data } of records) {
    const ranges = recalled.come.get(run) ?? new SeqRanges();
    recalled.come.set(run, ranges);
    if (!ranges.add(seq)) continue;
    if (name === 'describe') describe(data as ObservedHost, recalled, registry);
    else observations.push({ name, data } as Observation);
  }
  if (registry.recordOf(host) === null) registry.describe(undescribed(host, ''), 'agent');
  registry.remember(host, observations);
}

function describe(data: ObservedHost, recalled: Recalled, registry: HostRegistry): void {
  recalled.described = data;
  registry.describe(data, 'agent');
}
