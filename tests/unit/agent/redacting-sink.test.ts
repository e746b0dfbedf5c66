/** Redaction on the machine itself: the corpus of the patterns goes through a real file, a real collector and the agent's sink. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMachineAgent } from '../../../agent/machine-agent.ts';
import { redactingSink, redactionChoices } from '../../../agent/redacting-sink.ts';
import { redactionPatterns } from '../../../shared/redaction/patterns.ts';
import { createLogRecorder } from '../collect/logs/support/log-recorder.ts';
import { makeTempFolder } from '../collect/logs/support/temp-folder.ts';

it('nothing of what is to be hidden leaves the machine, and nothing else is changed', async () => {
  using folder = makeTempFolder();
  const recorder = createLogRecorder();
  writeFileSync(
    folder.file('app.log'),
    `plain\n${redactionPatterns.map(({ example }) => example).join('\n')}\nend\n`,
  );
  await using agent = createMachineAgent({
    version: '0.0.0',
    dataDir: folder.path,
    name: 'web-1',
    intervalMs: 1_000,
    processesIntervalMs: 60_000,
    logs: { files: [folder.file('*.log')], exclude: [], journal: false },
    redact: redactionChoices,
  });
  await agent.start({ describe: () => undefined, observe: (observation) => recorder.emit(observation) });
  await recorder.untilLine('end');
  const told = JSON.stringify(recorder.lines);
  for (const { name, example, redacted } of redactionPatterns) {
    expect(recorder.texts(), name).toContain(redacted);
    expect(told, name).not.toContain(JSON.stringify(example).slice(1, -1));
  }
  expect(recorder.texts()).toContain('plain');
});

describe('a sink', () => {
  it('that hides nothing is the sink itself', () => {
    const sink = { describe: () => undefined, observe: () => undefined };
    expect(redactingSink(sink, [])).toBe(sink);
  });
});
