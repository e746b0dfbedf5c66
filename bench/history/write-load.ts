/**
 * Many hosts at once, in a process of its own: `node write-load.ts FOLDER RECORDING HOSTS SECONDS`. Each host is the recorded machine at another moment. Prints
 * JSON: CPU seconds of all threads, and what was written.
 */
import { readFileSync } from 'node:fs';
import type { Sample } from '../../shared/schema/sample.ts';
import { eachSeries } from '../../shared/series.ts';
import { BenchKeeper } from './bench-keeper.ts';

const [folder, recording, hosts, seconds] = process.argv.slice(2);
const hour = 3_600_000;
/** Kept until this time behind the end of the hour, as in the store. */
const OVER_AFTER_MS = 130_000;

const samples = JSON.parse(readFileSync(recording!, 'utf8')) as Sample[];
const start = 480_000 * hour;
const end = start + Number(seconds) * 1_000;
const keeper = new BenchKeeper(folder!);
keeper.keep(start, true);
const before = process.cpuUsage();
let values = 0;
let tapeSeconds = 0;
for (let time = start; time < end; time += 1_000) {
  const began = process.cpuUsage();
  for (let host = 0; host < Number(hosts); host++) {
    const sample = samples[(host * 97 + (time - start) / 1_000) % samples.length]!;
    keeper.recorder.sample({ ...sample, host: `host-${host}`, time });
  }
  const { user, system } = process.cpuUsage(began);
  tapeSeconds += (user + system) / 1e6;
  keeper.keep(time);
}
const sealing = process.cpuUsage();
keeper.keep(end + OVER_AFTER_MS, true);
const sealed = process.cpuUsage(sealing);
const { user, system } = process.cpuUsage(before);
eachSeries(samples[0]!, (_, value) => (values += value === null ? 0 : 1));
process.stdout.write(
  JSON.stringify({
    series: values,
    cpuSeconds: (user + system) / 1e6,
    tapeSeconds,
    sealSeconds: (sealed.user + sealed.system) / 1e6,
    writtenBytes: writtenBytes(),
    residentBytes: process.resourceUsage().maxRSS * 1024,
  }),
);

/** What the kernel was given to write to the disk (proc(5), /proc/pid/io: write_bytes). */
function writtenBytes(): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0);
}
