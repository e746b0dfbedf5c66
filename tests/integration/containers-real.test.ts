/** Containers of real engines: what is told of them, over restarts of Watchline, of the engine and of a container. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogPositions } from '../../collect/logs/log-positions.ts';
import type { ContainerEngine } from '../support/engines/container-engine.ts';
import { dockerMissing, startDocker } from '../support/engines/docker-engine.ts';
import { podmanMissing, startPodman } from '../support/engines/podman-engine.ts';
import { follow, type Following } from '../unit/collect/logs/support/follow.ts';

const engines = [
  {
    name: 'Podman',
    missing: podmanMissing(),
    start: startPodman,
    socket: 'podman.sock',
    rotating: ['--log-opt=max-size=1g'],
  },
  {
    name: 'Docker',
    missing: dockerMissing(),
    start: startDocker,
    socket: 'docker.sock',
    rotating: ['--log-opt=max-size=100k', '--log-opt=max-file=9'],
  },
];
const LINES = 60;
/** Numbered lines, twenty a second. */
const count = `i=0; while [ $i -lt ${LINES} ]; do echo "number $i"; i=$((i+1)); usleep 50000; done; sleep 600`;

for (const { name, missing, start, socket, rotating } of engines)
  describe.skipIf(missing !== null)(`${name}${missing === null ? '' : ` (skipped: ${missing})`}`, () =>
    tryEngine(start, socket, rotating),
  );

function tryEngine(startEngine: () => Promise<ContainerEngine>, socket: string, rotating: string[]): void {
  let engine: ContainerEngine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(async () => engine[Symbol.asyncDispose]());

  function followEngine(positions: LogPositions | null = null): Promise<Following> {
    return follow([], { containers: 'auto', containerSocket: engine.socketPath, positions });
  }

  it('tells the lines of a container that runs and of one that starts, with what names them', async () => {
    await engine.run('early', 'echo level=warn msg=first; sleep 600', '--label=com.example.team=web');
    await using tail = await followEngine();
    await tail.untilLine('level=warn msg=first');
    const id = await engine.run(
      'late',
      'echo "{\\"level\\":\\"error\\",\\"msg\\":\\"second\\"}" >&2; exit 3',
    );
    await tail.untilLine('{"level":"error","msg":"second"}');
    await tail.until(() => tail.states(`container ${id.slice(0, 12)}`).at(-1) === 'waiting');
    const [first, second] = tail.lines;
    expect(first).toMatchObject({
      source: 'early',
      level: 'warn',
      fields: { container: 'early', 'label.com.example.team': 'web', stream: 'stdout', msg: 'first' },
    });
    expect(second).toMatchObject({
      source: 'late',
      level: 'error',
      fields: { container: 'late', 'container.id': id.slice(0, 12), stream: 'stderr', msg: 'second' },
    });
    expect(Math.abs(first!.time - Date.now())).toBeLessThan(600_000);
    // Its second life.
    await engine.start('late');
    await tail.until(() => tail.texts().filter((text) => text.includes('second')).length === 2);
  });

  it('each line once, over restarts of Watchline and of the engine', async () => {
    const texts: string[] = [];
    let positions: LogPositions | null = null;
    await engine.run('counting', count);
    for (const upTo of [15, 30]) {
      await using tail: Following = await followEngine(positions);
      await tail.untilLine(`number ${upTo}`);
      positions = tail.positions();
      texts.push(...tail.texts());
    }
    await using tail = await followEngine(positions);
    await tail.untilLine('number 40');
    await engine.stopService();
    await tail.until(() => tail.states(socket).at(-1) === 'waiting');
    await engine.startService();
    await tail.untilLine(`number ${LINES - 1}`);
    texts.push(...tail.texts());
    const numbers = texts.filter((text) => text.startsWith('number'));
    expect(numbers).toEqual(Array.from({ length: LINES }, (_, index) => `number ${index}`));
  });

  it('every line of a burst whose container has ended by then', async () => {
    await engine.removeAll();
    await using tail = await followEngine();
    await engine.run('bursting', 'seq 1 20000; echo over');
    await tail.until(() => tail.lines.length >= 20_001);
    const numbers = tail
      .texts()
      .filter((text) => text !== 'over')
      .map(Number);
    // Streams of engines leave some out; they are asked for behind them.
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
  });

  it('every line of every life of one that is started again and again, and of one whose log is rotated', async () => {
    await using tail = await followEngine();
    const lives = 'n=0; [ -f /tmp/n ] && read n < /tmp/n; n=$((n+1)); echo $n > /tmp/n';
    const tell = 'i=0; while [ $i -lt 30 ]; do echo "life $n line $i"; i=$((i+1)); done; [ $n -eq 4 ]';
    await engine.run('restless', `${lives}; ${tell}`, '--restart=on-failure:9');
    // A file of the log lasts a second: Docker 20.10's stream skips those that come and go faster than it reads.
    const pause = '[ $((i%100)) -ne 0 ] || usleep 200000';
    const long = `i=0; while [ $i -lt 1500 ]; do echo "${'long '.repeat(20)}$i"; i=$((i+1)); ${pause}; done; sleep 600`;
    await engine.run('rotated', long, ...rotating);
    const expected = [
      ...Array.from({ length: 120 }, (_, index) => `life ${1 + Math.floor(index / 30)} line ${index % 30}`),
      ...Array.from({ length: 1_500 }, (_, index) => `${'long '.repeat(20)}${index}`),
    ];
    await tail.until(() => tail.lines.length >= expected.length);
    expect(tail.texts().sort()).toEqual(expected.sort());
  });
}
