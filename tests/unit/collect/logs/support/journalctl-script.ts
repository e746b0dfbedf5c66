/**
 * Puts an executable stand-in for journalctl into a folder: real JSON as journalctl writes it, replayed by
 * a real process. It keeps the arguments of each life in `calls` and does what the script for that life says.
 */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { TempFolder } from './temp-folder.ts';

export interface JournalctlScript {
  path: string;
  /** Arguments of every life so far. */
  calls(): string[][];
}

/** @param lives JavaScript run by the first life, the second ...; the last one is run again from then on. */
export function writeJournalctl(folder: TempFolder, lives: string[]): JournalctlScript {
  const file = folder.file('journalctl');
  const calls = folder.file('calls');
  writeFileSync(
    file,
    `#!${process.execPath}
const fs = require('node:fs');
const lives = ${JSON.stringify(lives)};
fs.appendFileSync(${JSON.stringify(calls)}, JSON.stringify(process.argv.slice(2)) + '\\n');
const life = fs.readFileSync(${JSON.stringify(calls)}, 'utf8').trim().split('\\n').length - 1;
const stay = () => setInterval(() => {}, 1000);
const entry = (n, more) => process.stdout.write(JSON.stringify({
  __CURSOR: 's=6c7e;i=' + n + ';b=9a;m=' + n + ';t=' + n + ';x=3', __REALTIME_TIMESTAMP: String(1767323045678901 + n * 1e6),
  __MONOTONIC_TIMESTAMP: '81234567', _BOOT_ID: '9a5f0c', _TRANSPORT: 'syslog', PRIORITY: '6', SYSLOG_IDENTIFIER: 'sshd',
  _PID: '42', _COMM: 'sshd', _SYSTEMD_UNIT: 'ssh.service', MESSAGE: 'entry ' + n, ...more }) + '\\n');
new Function('entry', 'stay', 'process', lives[Math.min(life, lives.length - 1)])(entry, stay, process);
`,
  );
  chmodSync(file, 0o755);
  return {
    path: file,
    calls: () =>
      existsSync(calls)
        ? readFileSync(calls, 'utf8')
            .split('\n')
            // What follows the last end of a line is being written.
            .slice(0, -1)
            .map((line) => JSON.parse(line) as string[])
        : [],
  };
}
