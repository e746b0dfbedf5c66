/** `host-labels.json`: what the owner has said about hosts, whole and small enough to be written anew with every change. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { WatchlineError } from '../../shared/errors.ts';
import { labelFile } from '../../shared/schema/kept-hosts.ts';
import type { HostChange } from '../../shared/schema/host-change.ts';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { setAside } from '../../link/set-aside.ts';
import type { KeptLabels } from './host-labels.ts';

/** Twice as many as the registry takes hosts; one more pushes out the one that was changed the longest ago. */
const MAX_LABELLED = 2048;

const unlabelled: KeptLabels = { name: null, group: null, tags: [], paused: false };

export class KeptLabelFile {
  readonly #file: string;
  /** By host; oldest first. */
  readonly #labels: Map<string, KeptLabels>;

  /** A damaged file is set aside, and `report` is told: hosts have their own names again, nothing worse. */
  constructor(dataDir: string, report: (trouble: Error) => void) {
    this.#file = path.join(dataDir, 'host-labels.json');
    this.#labels = readLabels(this.#file, report);
  }

  /** Null: the owner has said nothing about it. */
  of(host: string): KeptLabels | null {
    return this.#labels.get(host) ?? null;
  }

  /** What is left out stays. Throws what writing the file throws; then nothing has changed. */
  change(host: string, { name, group, tags, paused }: HostChange): KeptLabels {
    const before = this.of(host) ?? unlabelled;
    const labels: KeptLabels = {
      name: name === undefined ? before.name : name,
      group: group === undefined ? before.group : group,
      tags: tags === undefined ? before.tags : [...new Set(tags)],
      paused: paused ?? before.paused,
    };
    this.#replace(host, labels);
    return labels;
  }

  /** Throws what writing the file throws; then nothing has changed. */
  forget(host: string): void {
    if (this.#labels.has(host)) this.#replace(host, null);
  }

  #replace(host: string, labels: KeptLabels | null): void {
    const next = new Map(this.#labels);
    next.delete(host);
    if (labels !== null) next.set(host, labels);
    if (next.size > MAX_LABELLED) next.delete(next.keys().next().value!);
    writeFileAtomically(this.#file, `${JSON.stringify({ hosts: Object.fromEntries(next) }, null, 2)}\n`);
    this.#labels.clear();
    for (const [id, kept] of next) this.#labels.set(id, kept);
  }
}

function readLabels(file: string, report: (trouble: Error) => void): Map<string, KeptLabels> {
  try {
    const { hosts } = labelFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    return new Map(Object.entries(hosts).slice(-MAX_LABELLED));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    report(
      new WatchlineError(
        'labels-file-damaged',
        `The file of names, groups and tags ${file} is damaged. ${setAside(file)}`,
        { remedy: 'Mend it and put it back while the hub is stopped, or name the hosts again.', cause },
      ),
    );
    return new Map();
  }
}
