/** What a hub's intake journal holds, read from copies while the hub is down: each record by run and sequence, and how often. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { openLog } from '../open-log.ts';
import { makeTempFolder } from '../temp-folder.ts';

export interface HarvestedRun {
  /** How often each sequence was there; index 0 is sequence 1. */
  readonly times: number[];
  /** Sequence and number of each log line, as `line NUMBER` says. */
  readonly lines: { seq: number; number: number }[];
  samples: number;
}

interface Entry {
  run: string;
  seq: number;
  name: string;
  data: { text?: string };
}

export class IntakeHarvest {
  readonly runs = new Map<string, HarvestedRun>();
  damaged = 0;
  /** Newest record read of each log: its numbers go on over restarts of the hub. */
  readonly #read = new Map<string, number>();

  /** Adds what is new since the last time. The hub must not run. */
  async read(intakeDir: string): Promise<void> {
    await using copy = await makeTempFolder();
    await cp(intakeDir, copy.path, { recursive: true });
    for (const name of ['now', 'late']) {
      await using log = await openLog(path.join(copy.path, name), { whenFull: 'refuse' });
      for await (const { number, payload, isHead } of log.records()) {
        if (isHead || number <= (this.#read.get(name) ?? 0)) continue;
        this.#read.set(name, number);
        const [, ...lines] = payload.toString('utf8').split('\n');
        for (const line of lines) this.#add(JSON.parse(line) as Entry);
      }
      this.damaged += log.counts.damaged;
    }
  }

  #add({ run, seq, name, data }: Entry): void {
    const known = this.runs.get(run) ?? { times: [], lines: [], samples: 0 };
    this.runs.set(run, known);
    known.times[seq - 1] = (known.times[seq - 1] ?? 0) + 1;
    if (name === 'sample') known.samples++;
    const number = /^line (\d+) /.exec(data.text ?? '')?.[1];
    if (number !== undefined) known.lines.push({ seq, number: Number(number) });
  }
}
