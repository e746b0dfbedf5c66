/** Containers, over a real socket to a server that speaks as Docker does; and a real Docker or Podman where one runs. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engineTrouble } from '../../../../collect/logs/containers/engine-trouble.ts';
import { knownSockets } from '../../../../collect/logs/containers/known-sockets.ts';
import { scanMoment, withoutInnerMoments } from '../../../../collect/logs/containers/log-moment.ts';
import { streamEvents } from '../../../../shared/events.ts';
import type { LogPositions } from '../../../../collect/logs/log-positions.ts';
import { mergePositions, parsePositions } from '../../../../collect/logs/log-positions.ts';
import { until } from '../../../support/until.ts';
import { momentOf, startContainerEngine, type ContainerEngine } from './support/container-engine.ts';
import { follow, type Following } from './support/follow.ts';
import { makeTempFolder, type TempFolder } from './support/temp-folder.ts';

let folder: TempFolder;
let socket: string;
let engine: ContainerEngine;

beforeEach(async () => {
  folder = makeTempFolder();
  socket = folder.file('docker.sock');
  engine = await startContainerEngine(socket);
});

afterEach(async () => {
  await engine[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

function followEngine(positions: LogPositions | null = null): Promise<Following> {
  return follow([], { containers: 'auto', containerSocket: socket, positions });
}

/** As they come back from a disk. */
function kept(tail: Following): LogPositions {
  return parsePositions(JSON.stringify(mergePositions(null, tail.positions())))!;
}

describe('a container', () => {
  it('is a source by its name; its image, labels and output are fields of each line', async () => {
    const labels = {
      'com.docker.compose.project': 'shop',
      'org.opencontainers.image.version': '1',
      tier: 'front',
    };
    const web = engine.run('shop-web-1', { labels });
    await using tail = await followEngine();
    engine.write(web, 5, 'GET / 200');
    engine.write(web, 6, 'ERROR it broke', 'stderr');
    await tail.untilLine('ERROR it broke');
    expect(streamEvents.log.schema.parse(tail.lines[0])).toEqual({
      host: 'web-1',
      time: Date.parse('2026-01-02T03:04:05.678Z'),
      level: null,
      source: 'shop-web-1',
      text: 'GET / 200',
      fields: {
        container: 'shop-web-1',
        'container.id': web.id.slice(0, 12),
        image: 'nginx:1.27',
        'label.com.docker.compose.project': 'shop',
        'label.tier': 'front',
        stream: 'stdout',
      },
    });
    expect(tail.lines[1]).toMatchObject({ level: 'error', fields: { stream: 'stderr' } });
    expect(streamEvents.source.schema.parse(tail.sources.at(-1))).toMatchObject({
      kind: 'container',
      label: 'shop-web-1',
      state: 'following',
    });
  });

  it('with a terminal has one output, without frames', async () => {
    const web = engine.run('web', { tty: true });
    await using tail = await followEngine();
    engine.write(web, 5, 'grün');
    await tail.untilLine('grün');
  });

  it('keeps its two outputs apart: a stack trace on one, lines on the other', async () => {
    const web = engine.run('web');
    await using tail = await followEngine();
    engine.write(web, 5, 'ERROR it broke', 'stderr');
    engine.write(web, 5, 'GET / 200');
    engine.write(web, 5, '\tat org.example.Main.main(Main.java:7)', 'stderr');
    await tail.untilLine('ERROR it broke\n\tat org.example.Main.main(Main.java:7)');
    expect(tail.lines).toHaveLength(2);
  });

  it('that starts later is followed from its start, one that stops is waited for', async () => {
    await using tail = await followEngine();
    // Docker notes the start when the first lines are written already.
    const web = engine.run('web', {
      startedAt: momentOf(31, 700_000_000),
      endedAt: momentOf(30, 0),
      lines: [
        [momentOf(5), 'stdout', 'of an earlier life'],
        [momentOf(31), 'stdout', 'first'],
      ],
    });
    await tail.untilLine('first');
    engine.stop(web);
    await tail.untilState(web.id.slice(0, 12), 'waiting');
    engine.start(web);
    await tail.untilState(web.id.slice(0, 12), 'following');
    engine.write(web, 40, 'second');
    await tail.untilLine('second');
    expect(tail.texts()).toEqual(['first', 'second']);
    engine.remove(web);
    const gone = await tail.untilState(web.id.slice(0, 12), 'waiting');
    expect(gone.reason).toMatch(/not running|removed/);
  });

  it('that starts again at once is followed on', async () => {
    const web = engine.run('web');
    await using tail = await followEngine();
    for (let life = 1; life <= 5; life++) {
      engine.write(web, life, `life ${life}`);
      await tail.untilLine(`life ${life}`);
      engine.restart(web);
    }
    expect(tail.texts()).toEqual(Array.from({ length: 5 }, (_, index) => `life ${index + 1}`));
  });

  it('that starts for the first time, or has ended before it was looked at: its first lines are told too', async () => {
    await using tail = await followEngine();
    const startedAt = momentOf(30, 0);
    engine.run('web', { startedAt, lines: [[momentOf(5, 950_000_000), 'stdout', 'first']] });
    engine.run('other', {
      startedAt,
      // Also the end of a short life may be noted before its start.
      endedAt: momentOf(29, 990_000_000),
      isRunning: false,
      lines: [
        [momentOf(8, 500_000_000), 'stdout', 'of an earlier life'],
        [momentOf(29, 950_000_000), 'stdout', 'second'],
      ],
    });
    await tail.until(() => tail.lines.length === 2);
    expect(tail.texts().sort()).toEqual(['first', 'second']);
  });

  it('of an engine that knows whole seconds only is followed from a whole second on', async () => {
    await using tail = await followEngine();
    engine.run('web', {
      startedAt: momentOf(40, 900_000_000),
      endedAt: momentOf(40, 300_000_000),
      lines: [
        [momentOf(29, 0), 'stdout', 'of an earlier life'],
        [momentOf(30, 0), 'stdout', 'first'],
      ],
    });
    engine.run('other', {
      startedAt: momentOf(40, 900_000_000),
      endedAt: momentOf(40, 850_000_000),
      lines: [
        [momentOf(30, 800_000_000), 'stdout', 'of an earlier life, too'],
        [momentOf(30, 950_000_000), 'stdout', 'second'],
      ],
    });
    await tail.untilLine('first');
    await tail.untilLine('second');
    expect(tail.texts().sort()).toEqual(['first', 'second']);
  });

  it('whose stream ends before its log does: the rest is asked for', async () => {
    await using tail = await followEngine();
    const web = engine.run('web', { startedAt: momentOf(1, 0) });
    engine.write(web, 5, 'one');
    await tail.untilLine('one');
    web.lines.push([momentOf(5), 'stdout', 'left out']);
    engine.write(web, 5, 'two');
    engine.write(web, 6, 'three', 'stderr');
    await tail.untilLine('three');
    web.lines.push([momentOf(6), 'stderr', 'the last']);
    engine.stop(web);
    await tail.untilState(web.id.slice(0, 12), 'waiting');
    expect(tail.texts().sort()).toEqual(['left out', 'one', 'the last', 'three', 'two']);
    // Nor is anything told again in the next life.
    engine.start(web);
    engine.write(web, 7, 'again');
    await tail.untilLine('again');
    expect(tail.texts()).toHaveLength(6);
  });

  it('whose stream ends with pieces of lines, of an engine that does so: the lines are read from its log', async () => {
    const web = engine.run('web');
    await using tail = await followEngine();
    engine.write(web, 5, 'line 1', 'stdout', 0);
    await tail.untilLine('line 1');
    await until('the stream', () => engine.asked.some((path) => path.includes('follow=1')));
    web.lines.push([momentOf(6, 0), 'stdout', 'line 2']);
    engine.sendWrongly(web, 6, 'e 2');
    engine.stop(web);
    await tail.untilLine('line 2');
    await tail.untilState(web.id.slice(0, 12), 'waiting');
    expect(tail.texts()).toEqual(['line 1', 'line 2']);
  });

  it('whose log cannot be read says why', async () => {
    engine.refuseLogs(501, 'configured logging driver does not support reading');
    const web = engine.run('web');
    await using tail = await followEngine();
    const source = await tail.untilState(web.id.slice(0, 12), 'failed');
    expect(source.reason).toBe(
      'The engine does not give the log of web: configured logging driver does not support reading',
    );
  });
});

describe('a restart of Watchline', () => {
  it('goes on after the last line read, also where several were of one moment', async () => {
    const web = engine.run('web');
    {
      await using first = await followEngine();
      engine.write(web, 5, 'one');
      engine.write(web, 6, 'two');
      engine.write(web, 6, 'three');
      await first.untilLine('three');
      const positions = kept(first);
      engine.write(web, 6, 'four');
      engine.write(web, 7, 'five');
      await first.untilLine('five');
      await using second = await followEngine(positions);
      await second.untilLine('five');
      expect(second.texts()).toEqual(['four', 'five']);
    }
  });

  it('reads the rest of one that ended meanwhile, and forgets one that was removed', async () => {
    const [web, gone] = [engine.run('web'), engine.run('gone')];
    let positions: LogPositions;
    {
      await using first = await followEngine();
      engine.write(web, 5, 'one');
      engine.write(gone, 5, 'of the other');
      await first.until(() => first.lines.length === 2);
      positions = kept(first);
    }
    engine.write(web, 6, 'two');
    engine.stop(web);
    engine.remove(gone);
    await using second = await followEngine(positions);
    await second.untilLine('two');
    expect(second.texts()).toEqual(['two']);
    await until('the other to be forgotten', () => kept(second).containers!.length === 1);
    // A hub that knows them from before is told that nobody follows them.
    const left = second.sources.flatMap(({ id, gone: isGone }) => (isGone ? id : []));
    expect(left.sort()).toEqual([web, gone].map(({ id }) => `container ${id.slice(0, 12)}`).sort());
    expect(second.sources.filter(({ gone: isGone }) => !isGone).map(({ label }) => label)).toEqual([
      'docker',
    ]);
  });

  it('follows one on that starts while its rest is read: each line once', async () => {
    const web = engine.run('web');
    let positions: LogPositions;
    {
      await using first = await followEngine();
      engine.write(web, 5, 'one');
      await first.untilLine('one');
      positions = kept(first);
    }
    engine.write(web, 6, 'two');
    engine.stop(web);
    engine.beforeLogs(() => engine.start(web));
    await using second = await followEngine(positions);
    await second.untilState(web.id.slice(0, 12), 'following');
    engine.write(web, 7, 'three');
    await second.untilLine('three');
    engine.stop(web);
    await second.untilState(web.id.slice(0, 12), 'waiting');
    expect(second.texts()).toEqual(['two', 'three']);
  });

  it('reads only the end of what a long-lived container has logged, at the first start', async () => {
    const web = engine.run('web');
    for (let i = 0; i < 150; i++) engine.write(web, 5, `line ${i}`);
    await using tail = await followEngine();
    await tail.untilLine('line 149');
    expect(tail.texts()[0]).toBe('line 50');
  });
});

describe('the engine', () => {
  it('that goes away and comes back: each line once', async () => {
    const web = engine.run('web');
    await using tail = await followEngine();
    engine.write(web, 5, 'one');
    await tail.untilLine('one');
    await engine[Symbol.asyncDispose]();
    await tail.untilState(socket, 'waiting');
    engine = await startContainerEngine(socket);
    engine.run('web', { id: web.id, lines: [...web.lines, [momentOf(6), 'stdout', 'two']] });
    await tail.untilLine('two');
    expect(tail.texts()).toEqual(['one', 'two']);
  });

  it('that comes back with containers ended: the rest of their logs once, and none of one that was removed', async () => {
    const [web, gone] = [engine.run('web'), engine.run('gone')];
    await using tail = await followEngine();
    engine.write(web, 5, 'one');
    engine.write(gone, 5, 'of the other');
    await tail.until(() => tail.lines.length === 2);
    await engine[Symbol.asyncDispose]();
    await tail.untilState(socket, 'waiting');
    engine = await startContainerEngine(socket);
    const back = engine.run('web', { ...web, lines: [...web.lines, [momentOf(6), 'stdout', 'two']] });
    engine.stop(back);
    await until('the rest', () => tail.texts().includes('two'));
    await until('the other to be forgotten', () => kept(tail).containers!.length === 1);
    expect((await tail.untilState(gone.id.slice(0, 12), 'waiting')).reason).toContain('removed');
    // Nor is it told again in its next life.
    engine.start(back);
    engine.write(back, 7, 'three');
    await tail.untilLine('three');
    expect(tail.texts()).toEqual(['one', 'of the other', 'two', 'three']);
  });

  it('that is not there is waited for', async () => {
    await using tail = await follow([], { containers: 'auto', containerSocket: folder.file('none.sock') });
    const source = await tail.untilState('none.sock', 'waiting');
    expect(source.reason).toContain('following starts when the engine runs');
  });

  it('that may not be asked: the permission, and how it is given', () => {
    const denied = Object.assign(new Error(), { code: 'EACCES' });
    expect(engineTrouble(denied, '/var/run/docker.sock')).toMatchObject({ state: 'denied' });
    expect(engineTrouble(denied, '/var/run/docker.sock').reason).toMatch(
      /usermod -aG docker .*can become root/,
    );
    expect(engineTrouble(denied, '/run/podman/podman.sock').reason).toMatch(/setfacl/);
  });

  it.skipIf(process.getuid?.() !== 0 || !existsSync('/usr/bin/setpriv'))(
    'a socket without permission is told so, by a process without rights',
    () => {
      chmodSync(folder.path, 0o755);
      chmodSync(socket, 0o600);
      const script = `import { createLogCollector } from ${JSON.stringify(new URL('../../../../collect/logs/log-collector.ts', import.meta.url).href)};
const tail = createLogCollector({ host: 'h', files: [], exclude: [], journal: 'off', containers: 'auto', containerSocket: ${JSON.stringify(socket)} });
await tail.start((told) => process.stdout.write(JSON.stringify(told) + '\\n'));
await tail[Symbol.asyncDispose]();`;
      const args = [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        '--input-type=module',
        '-e',
        script,
      ];
      const told = execFileSync('/usr/bin/setpriv', args, { encoding: 'utf8', cwd: '/' });
      expect(told).toContain('"state":"denied"');
    },
  );
});

describe('a long line of a terminal', () => {
  const moment = '2026-01-02T03:04:05.678901234Z ';
  const piece = 'x'.repeat(16_384);

  it('loses the moments of its further pieces', () => {
    expect(withoutInnerMoments(`${piece}${moment}${piece}${moment}the end`)).toBe(`${piece}${piece}the end`);
    expect(withoutInnerMoments(`${piece}${moment}`)).toBe(piece);
  });

  it('keeps what is no moment of a piece', () => {
    for (const text of [piece, `${piece}${piece}`, `a ${moment}b`, `${piece} ${moment}`, `${moment}${piece}`])
      expect(withoutInnerMoments(text)).toBe(text);
  });
});

describe('the moment before a line', () => {
  const moments: [string, string | undefined][] = [
    ['2026-01-02T03:04:05.678901234Z x', '1767323045.678901234'],
    ['2026-01-02T04:04:05.6789+01:00 x', '1767323045.678900000'],
    ['2026-01-02T03:04:05Z x', '1767323045.000000000'],
    ['no moment here, but some words', undefined],
    ['2026-13-02T03:04:05.678901234Z x', undefined],
  ];
  for (const [line, seconds] of moments) it(line, () => expect(scanMoment(line)?.seconds).toBe(seconds));
});

const real = knownSockets(process.getuid?.() ?? null).find((path) => existsSync(path));

describe.skipIf(real === undefined)('the real engine of this machine', () => {
  it('answers, or says what is missing', async () => {
    await using tail = await follow([], { containers: 'auto' });
    expect(tail.sources[0]!.state).toMatch(/following|denied|waiting/);
  });
});
