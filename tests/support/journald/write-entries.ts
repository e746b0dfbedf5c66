/** Entries by the three doors of journald: its own protocol, syslog's, and the standard output of a unit. */
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { RunningJournald } from './start-journald.ts';

/** Node has no datagrams over Unix sockets. */
const sender = `
import binascii, socket, sys
door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
door.connect(sys.argv[1])
for line in sys.stdin:
    door.send(binascii.a2b_base64(line))
`;

const streamer = `
import socket, sys
stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
stream.connect(sys.argv[1])
stream.sendall(sys.stdin.buffer.read())
stream.shutdown(socket.SHUT_WR)
stream.recv(1)
`;

export type EntryFields = Record<string, string | Buffer>;

/** By the native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL). Resolves when journald has written them. */
export async function writeNative(journald: RunningJournald, entries: readonly EntryFields[]): Promise<void> {
  await sendDatagrams(journald, 'socket', entries.map(nativeDatagram));
}

/** As syslog(3) sends them: "<11>app: text". */
export async function writeSyslog(journald: RunningJournald, lines: readonly string[]): Promise<void> {
  await sendDatagrams(
    journald,
    'dev-log',
    lines.map((line) => Buffer.from(line)),
  );
}

/** The standard output of a unit's program: what is written to it are entries, by lines. */
export function openStdout(journald: RunningJournald, unit: string): Socket {
  // journald ends its half at once: it has nothing to say.
  const stream = connect({ path: journald.inside('/run/systemd/journal/stdout'), allowHalfOpen: true });
  stream.resume();
  stream.write(headOf(unit));
  return stream;
}

/** Identifier, unit, priority, whether "<3>" at the beginning counts, and three ways to forward. */
function headOf(unit: string): string {
  const head = [unit.replace(/\.service$/, ''), unit, '6', '1', '0', '0', '0'];
  return `${head.join('\n')}\n`;
}

/** As `writeStdout`, by a process of its own: journald takes all that one process says for the unit that it spoke for first. */
export async function writeStdoutApart(
  journald: RunningJournald,
  unit: string,
  lines: readonly string[],
): Promise<void> {
  const socket = journald.inside('/run/systemd/journal/stdout');
  const child = spawn('python3', ['-IS', '-c', streamer, socket], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(`${headOf(unit)}${lines.join('\n')}\n`);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('The standard output of a unit could not be written.');
  await journald.journalctl('--sync');
}

/** As a unit's program prints them. Resolves when journald has written them. */
export async function writeStdout(
  journald: RunningJournald,
  unit: string,
  lines: readonly string[],
): Promise<void> {
  const stream = openStdout(journald, unit);
  stream.end(`${lines.join('\n')}\n`);
  await once(stream, 'close');
  await journald.journalctl('--sync');
}

async function sendDatagrams(journald: RunningJournald, door: string, datagrams: Buffer[]): Promise<void> {
  const socket = journald.inside(`/run/systemd/journal/${door}`);
  const child = spawn('python3', ['-IS', '-c', sender, socket], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(datagrams.map((datagram) => `${datagram.toString('base64')}\n`).join(''));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`Entries could not be sent: exit code ${code}`);
  await journald.journalctl('--sync');
}

/** Each field with its length, so that it may hold any bytes. */
function nativeDatagram(fields: EntryFields): Buffer {
  return Buffer.concat(
    Object.entries(fields).flatMap(([name, value]) => {
      const bytes = Buffer.from(value as string);
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(bytes.length));
      return [Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')];
    }),
  );
}
