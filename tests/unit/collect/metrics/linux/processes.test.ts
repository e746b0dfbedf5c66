/** The process table over a tree of /proc folders whose numbers a test moves. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LinuxMachine } from '../../../../../collect/metrics/linux/linux-machine.ts';
import type { ProcessTable } from '../../../../../collect/metrics/machine-source.ts';
import { processRow } from '../../../../../shared/schema/processes.ts';
import { KernelTree } from '../../../../support/kernel-tree.ts';
import { modern } from './kernels.ts';

interface Fields {
  name?: string;
  state?: string;
  user?: number;
  system?: number;
  threads?: number;
  /** Ticks after boot. */
  start?: number;
  pages?: number;
}

function statLine(pid: number, fields: Fields): string {
  const {
    name = 'sleeper',
    state = 'S',
    user = 0,
    system = 0,
    threads = 1,
    start = 100,
    pages = 250,
  } = fields;
  return `${pid} (${name}) ${state} 1 ${pid} ${pid} 0 -1 4194304 9 8 7 6 ${user} ${system} 55 66 20 0 ${threads} 0 ${start} 1000000 ${pages} 184467 1 1 0 0\n`;
}

/** The machine had been up for this long at the first reading; ticks are hundredths of a second. */
const UPTIME_MS = 1_000_000;
const BOOT_MS = 1_795_223_002_000;

let tree: KernelTree;
let machine: LinuxMachine;
let nowMs: number;

function put(pid: number, fields: Fields, more: Record<string, string> = {}): void {
  const files: Record<string, string> = { stat: statLine(pid, fields), ...more };
  tree.write(Object.fromEntries(Object.entries(files).map(([file, text]) => [`proc/${pid}/${file}`, text])));
}

function ioOf(read: number, written: number): string {
  return `rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: ${read}\nwrite_bytes: ${written}\ncancelled_write_bytes: 0\n`;
}

function table(elapsedMs = 2_000): ProcessTable {
  nowMs += elapsedMs;
  return machine.processes(at(nowMs))!;
}

function at(ms: number) {
  return { wallMs: BOOT_MS + UPTIME_MS + ms, monotonicMs: ms, uptimeMs: UPTIME_MS + ms };
}

function row(of: ProcessTable, pid: number) {
  const found = of.rows.find((candidate) => candidate.pid === pid);
  return found && processRow.parse(found);
}

beforeEach(() => {
  tree = new KernelTree({ 'proc/stat': modern['proc/stat'], 'etc/passwd': 'root:x:0:0::/root:/bin/sh\n' });
  machine = new LinuxMachine({ root: tree.root });
  nowMs = 0;
});

afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  tree[Symbol.dispose]();
});

describe('the process table', () => {
  it('needs two readings', () => {
    put(10, {});
    expect(machine.processes(at(0))).toBeNull();
    expect(table()).toMatchObject({ intervalMs: 2_000, total: 1, running: 0 });
  });

  it('counts CPU as top does, in percent of one core', () => {
    put(10, { user: 500, system: 100 });
    machine.processes(at(0));
    put(10, { user: 700, system: 150, state: 'R' });
    const busy = table();
    expect(busy.running).toBe(1);
    // 250 ticks of 10 ms in 2 s.
    expect(row(busy, 10)).toMatchObject({ cpuPercent: 125, state: 'R' });
  });

  it('tells who a process is', () => {
    put(
      10,
      { name: 'my (odd) name)', start: 12_345, threads: 7, pages: 3 },
      { cmdline: '/bin/odd\0-x\0two words\0' },
    );
    put(11, { name: 'kworker/0:1', pages: 1 }, { cmdline: '' });
    machine.processes(at(0));
    const whole = table();
    expect(row(whole, 10)).toMatchObject({
      parentPid: 1,
      name: 'my (odd) name)',
      command: '/bin/odd -x two words',
      threads: 7,
      residentBytes: 3 * 4096,
      startTime: BOOT_MS + 123_450,
    });
    expect(row(whole, 11)!.command).toBe('[kworker/0:1]');
  });

  it.each([
    ['what Node calls all its programs', 'MainThread', '/usr/bin/node\0server.js\0', 'node'],
    ['a title that a program of Node gave itself', 'MainThread', 'my server\0', 'my server'],
    [
      'a name that the kernel has cut',
      'WebKitWebProces',
      '/usr/libexec/WebKitWebProcess\x003\0',
      'WebKitWebProcess',
    ],
    [
      'a name as long as the kernel keeps them, of a thread',
      'fifteen letters',
      '/bin/other\0',
      'fifteen letters',
    ],
    [
      'a part of a program that says what it is',
      'Web Content',
      '/usr/lib/firefox-esr/firefox-esr\0',
      'Web Content',
    ],
    ['one that has ended meanwhile', 'MainThread', '', 'MainThread'],
  ])('names %s', (_, name, cmdline, shown) => {
    put(10, { name }, { cmdline });
    machine.processes(at(0));
    expect(row(table(), 10)!.name).toBe(shown);
  });

  it('reads the command line anew when another program took its place', () => {
    put(10, { name: 'sh' }, { cmdline: 'sh\0-c\0exec true\0' });
    machine.processes(at(0));
    expect(row(table(), 10)!.command).toBe('sh -c exec true');
    put(10, { name: 'true' }, { cmdline: 'true\0' });
    expect(row(table(), 10)).toMatchObject({ name: 'true', command: 'true' });
  });

  it('cuts an endless command line', () => {
    put(10, {}, { cmdline: 'x'.repeat(100_000) });
    machine.processes(at(0));
    expect(row(table(), 10)!.command).toHaveLength(1024);
  });

  it('counts a newborn from its birth, and one that was only hidden from now on', () => {
    put(10, {});
    machine.processes(at(0));
    put(20, { user: 50, start: (UPTIME_MS + 500) / 10 }, { io: ioOf(0, 8_192) });
    put(21, { user: 90_000, start: 100 }, { io: ioOf(0, 9e9) });
    const later = table();
    expect(row(later, 20)).toMatchObject({ cpuPercent: 25, writeBytesPerSecond: 4_096 });
    expect(row(later, 21)).toMatchObject({ cpuPercent: 0, writeBytesPerSecond: 0 });
  });

  it('forgets what has exited, and takes a pid used again for a new process', () => {
    put(10, { user: 1_000 });
    put(11, { user: 1_000 });
    machine.processes(at(0));
    table();
    tree.remove('proc/11');
    put(10, { name: 'reborn', user: 3, start: 300 });
    const later = table();
    expect(later.total).toBe(1);
    expect(row(later, 11)).toBeUndefined();
    expect(row(later, 10)).toMatchObject({ name: 'reborn', cpuPercent: 0, startTime: BOOT_MS + 3_000 });
  });

  it('makes rates of the I/O account of a process that ran', () => {
    put(10, { user: 1 }, { io: ioOf(1_000, 2_000) });
    machine.processes(at(0));
    put(10, { user: 2 }, { io: ioOf(5_000, 2_000) });
    expect(row(table(), 10)).toMatchObject({ readBytesPerSecond: 2_000, writeBytesPerSecond: 0 });
    expect(row(table(), 10)).toMatchObject({ readBytesPerSecond: 0 });
  });

  it('says nothing of an I/O account it cannot read', () => {
    put(10, { user: 1 });
    machine.processes(at(0));
    put(10, { user: 2 });
    expect(row(table(), 10)).toMatchObject({ readBytesPerSecond: null, writeBytesPerSecond: null });
  });

  it('names users by /etc/passwd, and by number those who are not in it', () => {
    put(10, {});
    machine.processes(at(0));
    const { uid } = process.getuid ? { uid: process.getuid() } : { uid: 0 };
    expect(row(table(), 10)!.user).toBe(uid === 0 ? 'root' : String(uid));
  });

  it('holds the busiest, the largest and the hungriest, of many', () => {
    for (let pid = 100; pid < 400; pid++) put(pid, { pages: pid }, { io: ioOf(0, 0) });
    machine.processes(at(0));
    put(150, { user: 40, pages: 150 }, { io: ioOf(0, 0) });
    put(160, { user: 1, pages: 160 }, { io: ioOf(4e6, 0) });
    const busy = table();
    expect(busy.total).toBe(300);
    expect(busy.rows).toHaveLength(22);
    expect(busy.rows[0]!.pid).toBe(150);
    expect(row(busy, 160)!.readBytesPerSecond).toBe(2e6);
    expect(row(busy, 399)).toBeDefined();
  });

  it('is empty where there is no process list', () => {
    tree.remove('proc');
    expect(machine.processes(at(0))).toBeNull();
    expect(table()).toMatchObject({ total: 0, rows: [] });
  });
});

describe('a process that rests', () => {
  beforeEach(() => tree.write({ 'proc/self/schedstat': '5 1 1\n' }));

  it('is not read again until its run time moves', () => {
    put(10, { user: 100 }, { schedstat: '1000000 5 3\n' });
    machine.processes(at(0));
    table();
    // Only what is really read can be seen: the new state is not, as the process has not run.
    put(10, { user: 300, state: 'R' }, { schedstat: '1000000 5 3\n' });
    expect(row(table(), 10)).toMatchObject({ cpuPercent: 0, state: 'S' });
    put(10, { user: 300, state: 'R' }, { schedstat: '1999999 5 3\n' });
    expect(row(table(), 10)).toMatchObject({ cpuPercent: 100, state: 'R' });
  });

  it('is still read in full now and then', () => {
    put(10, { pages: 250 }, { schedstat: '1000000 5 3\n' });
    machine.processes(at(0));
    table();
    put(10, { pages: 9 }, { schedstat: '1000000 5 3\n' });
    const sizes = Array.from({ length: 15 }, () => row(table(), 10)!.residentBytes / 4096);
    expect(sizes[0]).toBe(250);
    expect(sizes.at(-1)).toBe(9);
  });

  it('is read each time when it has threads, whose run time the file does not tell', () => {
    put(10, { user: 100, threads: 4 }, { schedstat: '1000000 5 3\n' });
    machine.processes(at(0));
    table();
    put(10, { user: 300, threads: 4 }, { schedstat: '1000000 5 3\n' });
    expect(row(table(), 10)!.cpuPercent).toBe(100);
  });
});
