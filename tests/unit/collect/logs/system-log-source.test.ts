/** macOS's and Windows' own logs, by stand-ins that print what the real programs do: neither has run on its system. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLineEmitter } from '../../../../collect/logs/line-emitter.ts';
import { macosLog } from '../../../../collect/logs/system/macos-log.ts';
import type { SystemLog } from '../../../../collect/logs/system/system-log.ts';
import { systemLogOf } from '../../../../collect/logs/system/system-log-of.ts';
import { SystemLogSource } from '../../../../collect/logs/system/system-log-source.ts';
import type { SystemPositions } from '../../../../collect/logs/system/system-positions.ts';
import { windowsEventLog } from '../../../../collect/logs/system/windows-event-log.ts';
import { streamEvents } from '../../../../shared/events.ts';
import { createLogRecorder } from './support/log-recorder.ts';
import { makeTempFolder, type TempFolder } from './support/temp-folder.ts';

/** Prints the output of its first life, its second ...; the last one stays. Errors go where errors go. */
function standIn(
  folder: TempFolder,
  log: SystemLog,
  lives: { out?: string[]; errors?: string[] }[],
): SystemLog {
  const command = folder.file('stand-in');
  writeFileSync(
    command,
    `#!${process.execPath}
const fs = require('node:fs');
const lives = ${JSON.stringify(lives)};
const count = ${JSON.stringify(folder.file('count'))};
const life = fs.existsSync(count) ? fs.readFileSync(count, 'utf8').length : 0;
fs.appendFileSync(count, '.');
fs.writeFileSync(${JSON.stringify(folder.file('args'))} + life, JSON.stringify(process.argv.slice(2)));
const { out = [], errors = [] } = lives[Math.min(life, lives.length - 1)];
for (const line of errors) process.stderr.write(line + '\\n');
for (const line of out) process.stdout.write(line + '\\n');
if (life >= lives.length - 1) setInterval(() => {}, 1000);
`,
  );
  chmodSync(command, 0o755);
  return { ...log, command };
}

async function followSystem(log: SystemLog, kept: SystemPositions | null = null) {
  const recorder = createLogRecorder();
  const emitter = createLineEmitter('web-1', (observation) => recorder.emit(observation));
  const source = new SystemLogSource({ host: 'web-1', log, emitter, kept, restartMs: 1 });
  await source.start((observation) => recorder.emit(observation));
  return { ...recorder, source, [Symbol.asyncDispose]: () => source[Symbol.asyncDispose]() };
}

const macEvent = (second: number, more: object = {}) =>
  JSON.stringify({
    timestamp: `2026-01-02 03:04:0${second}.678901-0800`,
    messageType: 'Error',
    eventMessage: `event ${second}`,
    processImagePath: '/usr/libexec/trustd',
    subsystem: 'com.apple.securityd',
    category: 'trust',
    processID: 42,
    ...more,
  });

const windowsEvent = (id: number, more: object = {}) =>
  JSON.stringify({
    log: 'System',
    id,
    time: 1_767_323_045_678 + id,
    level: 2,
    provider: 'Service Control Manager',
    event: 7031,
    message: `event ${id}\r\nsecond line`,
    ...more,
  });

describe('macOS', () => {
  it('an error of a process becomes a line', async () => {
    using folder = makeTempFolder();
    const log = standIn(folder, macosLog, [
      { out: ['Filtering the log data using "messageType == 16"', macEvent(5)] },
    ]);
    await using tail = await followSystem(log);
    await tail.untilLine('event 5');
    expect(streamEvents.log.schema.parse(tail.lines[0])).toEqual({
      host: 'web-1',
      time: Date.parse('2026-01-02T11:04:05.678Z'),
      level: 'error',
      source: 'trustd',
      text: 'event 5',
      fields: { subsystem: 'com.apple.securityd', category: 'trust' },
    });
    expect(tail.sources.map(({ state, kind }) => [state, kind])).toEqual([
      ['waiting', 'system'],
      ['following', 'system'],
    ]);
  });

  it('what was logged between two lives is a gap: log stream does not tell it', async () => {
    using folder = makeTempFolder();
    const log = standIn(folder, macosLog, [{ out: [macEvent(5)] }, { out: [macEvent(7)] }]);
    await using tail = await followSystem(log);
    await tail.untilLine('event 7');
    expect(tail.gaps).toMatchObject([{ reason: 'source-reset', count: null }]);
  });

  it('without the right to read it: which, and how it is given', async () => {
    using folder = makeTempFolder();
    await using tail = await followSystem(
      standIn(folder, macosLog, [{ errors: ["log: must be admin to run 'stream' command"] }]),
    );
    const source = await tail.untilState('system log', 'denied');
    expect(source.reason).toMatch(/administrator: sudo dseditgroup/);
  });
});

describe('Windows', () => {
  it('an event becomes a line, and the next start goes on after it', async () => {
    using folder = makeTempFolder();
    const log = standIn(folder, windowsEventLog, [
      { out: [windowsEvent(41), windowsEvent(42)] },
      { out: [windowsEvent(43)] },
    ]);
    await using tail = await followSystem(log, { System: 40 });
    await tail.untilLine('event 43\nsecond line');
    expect(streamEvents.log.schema.parse(tail.lines[0])).toMatchObject({
      time: 1_767_323_045_719,
      level: 'error',
      source: 'Service Control Manager',
      fields: { log: 'System', event: 7031 },
    });
    expect(tail.gaps).toEqual([]);
    const script = (life: number) => readFileSync(folder.file(`args${life}`), 'utf8');
    expect(script(0)).toContain('$last=[ordered]@{System=40;Application=-1}');
    expect(script(1)).toContain('$last=[ordered]@{System=42;Application=-1}');
    expect(tail.source.positions).toEqual({ System: 43 });
  });

  it('without the right to read it: which, and how it is given', async () => {
    using folder = makeTempFolder();
    const errors = ['System: Attempted to perform an unauthorized operation.'];
    await using tail = await followSystem(standIn(folder, windowsEventLog, [{ errors }]));
    const source = await tail.untilState('event log', 'denied');
    expect(source.reason).toContain('net localgroup "Event Log Readers"');
  });
});

it('other output of the programs is no event', () => {
  for (const line of ['', 'x', '[]', '{"log":"Other","id":1,"time":1}', '{"timestamp":"yesterday"}']) {
    expect(macosLog.parse(line)).toBeNull();
    expect(windowsEventLog.parse(line)).toBeNull();
  }
});

it('each system has its own', () => {
  expect([systemLogOf('darwin'), systemLogOf('win32'), systemLogOf('linux')]).toEqual([
    macosLog,
    windowsEventLog,
    null,
  ]);
  expect(existsSync(macosLog.command)).toBe(process.platform === 'darwin');
});
