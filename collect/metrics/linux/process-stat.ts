/** Parses /proc/PID/stat and /proc/PID/io (proc_pid_stat(5), proc_pid_io(5)). */
import type { ByteScanner } from './byte-scanner.ts';

const OPEN = 0x28;
const CLOSE = 0x29;

export interface ProcessStat {
  /** Short name. */
  name: string;
  /** Code of the kernel's state letter. */
  state: number;
  parentPid: number;
  /** User plus system time, in clock ticks. */
  cpuTicks: number;
  threads: number;
  /** After boot, in clock ticks. */
  startTicks: number;
  residentPages: number;
}

export function emptyProcessStat(): ProcessStat {
  return { name: '', state: 0, parentPid: 0, cpuTicks: 0, threads: 0, startTicks: 0, residentPages: 0 };
}

/** Overwrites `stat`. False for something that is not a stat line. */
export function parseProcessStat(file: ByteScanner, stat: ProcessStat): boolean {
  const { bytes } = file;
  const open = bytes.indexOf(OPEN);
  // A name may hold any character, ")" and spaces too: its end is the last one.
  const close = bytes.lastIndexOf(CLOSE, file.end - 1);
  if (open < 0 || close < open || close + 2 >= file.end) return false;
  stat.name = bytes.toString('utf8', open + 1, close);
  stat.state = bytes[close + 2]!;
  file.at = close + 3;
  stat.parentPid = file.number();
  file.skipWords(9);
  stat.cpuTicks = file.number() + file.number();
  file.skipWords(4);
  stat.threads = file.number();
  file.skipWords(1);
  stat.startTicks = file.number();
  file.skipWords(1);
  stat.residentPages = file.number();
  return !Number.isNaN(stat.residentPages);
}

const readBytes = Buffer.from('\nread_bytes: ');
const writeBytes = Buffer.from('\nwrite_bytes: ');

/** What reached the disks, not what was asked of the page cache. Null for something that is no io file. */
export function parseProcessIo(file: ByteScanner): { readBytes: number; writeBytes: number } | null {
  if (!file.seek(readBytes)) return null;
  const read = file.number();
  return file.seek(writeBytes) ? { readBytes: read, writeBytes: file.number() } : null;
}
