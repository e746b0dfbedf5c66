/** An observer in the hub's own process goes on where it was, over stops, kills and rotations. */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { createMachineAgent } from '../../../agent/machine-agent.ts';
import type { HostObserver } from '../../../shared/observer.ts';
import { createLogRecorder, type LogRecorder } from '../collect/logs/support/log-recorder.ts';
import { makeTempFolder, type TempFolder } from '../collect/logs/support/temp-folder.ts';

async function observe(
  folder: TempFolder,
  keepsPositions: boolean,
): Promise<LogRecorder & { observer: HostObserver }> {
  const recorder = createLogRecorder();
  const observer = createMachineAgent({
    version: '0.0.0',
    dataDir: folder.path,
    name: 'web-1',
    intervalMs: 1_000,
    processesIntervalMs: 60_000,
    logs: { files: [folder.file('*.log')], exclude: [], journal: false },
    keepsPositions,
  });
  await observer.start({ describe: () => undefined, observe: (observation) => recorder.emit(observation) });
  return { ...recorder, observer };
}

describe('kept positions', () => {
  it('each line once over a stop, with what was written and rotated in between', async () => {
    using folder = makeTempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, 'one\n');
    const first = await observe(folder, true);
    await first.untilLine('one');
    appendFileSync(file, 'two\n');
    await first.untilLine('two');
    await first.observer[Symbol.asyncDispose]();
    appendFileSync(file, 'three\n');
    renameSync(file, `${file}.1`);
    writeFileSync(file, 'four\n');
    const second = await observe(folder, true);
    await second.untilLine('four');
    await second.observer[Symbol.asyncDispose]();
    expect([...first.texts(), ...second.texts()]).toEqual(['one', 'two', 'three', 'four']);
  });

  it('are written while it runs, so that a kill costs little', async () => {
    using folder = makeTempFolder();
    writeFileSync(folder.file('app.log'), 'one\n');
    const running = await observe(folder, true);
    await running.untilLine('one');
    await vi.waitFor(
      () => expect(readFileSync(folder.file('log-positions.json'), 'utf8')).toContain('"offset":4'),
      10_000,
    );
    await running.observer[Symbol.asyncDispose]();
  });

  it('a damaged file is as none: reading begins as at the first start', async () => {
    using folder = makeTempFolder();
    writeFileSync(folder.file('app.log'), 'one\n');
    writeFileSync(folder.file('log-positions.json'), '{"at":1,"files":[{"path":7}]}');
    const running = await observe(folder, true);
    await running.untilLine('one');
    await running.observer[Symbol.asyncDispose]();
  });

  it('without them a new start shows the end of the file again', async () => {
    using folder = makeTempFolder();
    writeFileSync(folder.file('app.log'), 'one\n');
    for (let start = 0; start < 2; start++) {
      const running = await observe(folder, false);
      await running.untilLine('one');
      await running.observer[Symbol.asyncDispose]();
    }
  });
});
