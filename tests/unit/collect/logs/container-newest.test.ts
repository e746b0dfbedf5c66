/** Where following begins in the log of a container that has run for long: after its newest lines, each once. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startContainerEngine, type ContainerEngine } from './support/container-engine.ts';
import { follow, type Following } from './support/follow.ts';
import { makeTempFolder, type TempFolder } from './support/temp-folder.ts';

let folder: TempFolder;
let engine: ContainerEngine;

beforeEach(async () => {
  folder = makeTempFolder();
  engine = await startContainerEngine(folder.file('docker.sock'));
});

afterEach(async () => {
  await engine[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

function followEngine(): Promise<Following> {
  return follow([], { containers: 'auto', containerSocket: folder.file('docker.sock'), positions: null });
}

it('what is written while following begins is told', async () => {
  const web = engine.run('web');
  let written = 0;
  const write = (): void => engine.write(web, 5, `line ${written}`, 'stdout', written++);
  while (written < 20) write();
  const timer = setInterval(write, 2);
  await using tail = await followEngine();
  await tail.until(() => tail.lines.length >= 100);
  clearInterval(timer);
  await tail.untilLine(`line ${written - 1}`);
  // On a slow machine there are more than a hundred before anybody asks.
  const first = written - tail.lines.length;
  expect(tail.texts()).toEqual(Array.from(tail.lines, (_, index) => `line ${first + index}`));
});

it('of more lines than are wanted in one second, the newest once', async () => {
  const web = engine.run('web');
  for (let index = 0; index < 300; index++) engine.write(web, 5, `line ${index}`, 'stdout', 0);
  await using tail = await followEngine();
  await tail.untilLine('line 299');
  engine.write(web, 5, 'of the same second', 'stdout', 0);
  engine.write(web, 6, 'of the next', 'stdout', 0);
  await tail.untilLine('of the next');
  const newest = Array.from({ length: 100 }, (_, index) => `line ${200 + index}`);
  expect(tail.texts()).toEqual([...newest, 'of the same second', 'of the next']);
});
