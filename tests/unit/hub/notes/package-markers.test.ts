/** Package upgrades as markers: which lines tell of one, what is one run, and that a log read twice marks once. */
import { describe, expect, test } from 'vitest';
import { packageChangeOf, packageLogs } from '../../../../hub/notes/package-log.ts';
import { PackageMarkers } from '../../../../hub/notes/package-markers.ts';
import type { NoteDraft } from '../../../../hub/notes/notes.ts';
import { note } from '../../../../shared/schema/notes.ts';
import { logLineOf } from '../../../support/observations.ts';
import { until } from '../../../support/until.ts';

const at = Date.now() - 3_600_000;

function dpkg(text: string, time = at, host = 'web-1') {
  return logLineOf(host, 0, { time, source: 'dpkg.log', text: `2026-11-21 10:00:01 ${text}` });
}

async function markersOf(feed: (markers: PackageMarkers) => void): Promise<(NoteDraft & { id: string })[]> {
  const posted: (NoteDraft & { id: string })[] = [];
  {
    await using markers = new PackageMarkers({
      post: (draft, id) => Promise.resolve(posted.push({ ...draft, id })),
    });
    feed(markers);
  }
  return posted;
}

describe('lines', () => {
  test.each([
    [
      'dpkg.log',
      '2026-11-21 10:00:01 upgrade nginx:amd64 1.22.1-9 1.22.1-10',
      'upgraded nginx 1.22.1-9 1.22.1-10',
    ],
    ['dpkg.log', '2026-11-21 10:00:01 install jq:amd64 <none> 1.6-2', 'installed jq null 1.6-2'],
    ['dpkg.log', '2026-11-21 10:00:01 remove jq:amd64 1.6-2 <none>', 'removed jq 1.6-2 null'],
    [
      'dnf.rpm.log',
      '2026-11-21T10:00:00+0000 SUBDEBUG Upgraded: nginx-1:1.24.0-3.el9.x86_64',
      'upgraded nginx null 1:1.24.0-3.el9.x86_64',
    ],
    [
      'dnf.rpm.log',
      '2026-11-21T10:00:00+0000 INFO Installed: gcc-c++-11.4.1-2.el9.x86_64',
      'installed gcc-c++ null 11.4.1-2.el9.x86_64',
    ],
    [
      'yum.log',
      'Nov 21 10:00:00 Erased: telnet-0.17-65.el7.x86_64',
      'removed telnet 0.17-65.el7.x86_64 null',
    ],
    [
      'pacman.log',
      '[2026-11-21T10:00:00+0000] [ALPM] upgraded nginx (1.24.0-1 -> 1.26.0-1)',
      'upgraded nginx 1.24.0-1 1.26.0-1',
    ],
    ['pacman.log', '[2026-11-21T10:00:00+0000] [ALPM] installed jq (1.7-1)', 'installed jq null 1.7-1'],
  ])('%s: %s', (source, text, expected) => {
    const change = packageChangeOf(source, text)!;
    const { what, name, from, to } = change;
    // An epoch belongs to the version; which of both spellings is told is the log's choice.
    expect(`${what} ${name} ${from} ${to}`.replace(' 1:1.24', ' 1.24')).toBe(
      expected.replace(' 1:1.24', ' 1.24'),
    );
  });

  test.each(packageLogs)('$source reads its example', ({ source, example }) => {
    const name = /dpkg|dnf|pacman/.exec(source.source)![0];
    const file = { dpkg: 'dpkg.log', dnf: 'dnf.rpm.log', pacman: 'pacman.log' }[name]!;
    expect(packageChangeOf(file, example)?.name).toBe('nginx');
  });

  test.each([
    ['dpkg.log', '2026-11-21 10:00:01 status installed nginx:amd64 1.22.1-10'],
    ['dpkg.log', '2026-11-21 10:00:01 startup archives unpack'],
    ['dpkg.log', ''],
    ['app.log', '2026-11-21 10:00:01 upgrade nginx:amd64 1.22.1-9 1.22.1-10'],
    ['not-dpkg.log', '2026-11-21 10:00:01 upgrade nginx:amd64 1.22.1-9 1.22.1-10'],
  ])('%s tells of no change: %s', (source, text) => {
    expect(packageChangeOf(source, text)).toBeNull();
  });
});

describe('markers', () => {
  test('one package is the title; it is of that host, made of its log', async () => {
    const [marker, ...others] = await markersOf((markers) =>
      markers.take(dpkg('upgrade nginx:amd64 1.22.1-9 1.22.1-10')),
    );
    expect(others).toEqual([]);
    expect(marker).toMatchObject({
      kind: 'marker',
      title: 'nginx upgraded from 1.22.1-9 to 1.22.1-10',
      text: null,
      hosts: ['web-1'],
      time: at,
      tags: ['packages'],
      channel: 'logs',
    });
    expect(note.safeParse({ ...marker, since: at }).success).toBe(true);
  });

  test('a run is one marker, however many packages; hours apart are two, and so are two hosts', async () => {
    const markers = await markersOf((each) => {
      for (let index = 0; index < 3_000; index++)
        each.take(dpkg(`upgrade ${'long-name-'.repeat(9)}${index}:amd64 1 2`, at + index));
      each.take(dpkg('install jq:amd64 <none> 1.6', at + 1_000, 'web-2'));
      each.take(dpkg('remove jq:amd64 1.6 <none>', at + 1_800_000));
    });
    expect(markers.map(({ hosts, title }) => [hosts![0], title!.slice(0, 22)])).toEqual([
      ['web-1', '3000 packages upgraded'],
      ['web-2', 'jq 1.6 installed'],
      ['web-1', 'jq 1.6 removed'],
    ]);
    expect(note.safeParse({ ...markers[0], since: at }).success).toBe(true);
  });

  test('the same log read again gives the same id, another run another', async () => {
    const feed = (markers: PackageMarkers) => markers.take(dpkg('install jq:amd64 <none> 1.6'));
    const [[first], [again], [other]] = await Promise.all([
      markersOf(feed),
      markersOf(feed),
      markersOf((markers) => markers.take(dpkg('install jq:amd64 <none> 1.6', at + 1))),
    ]);
    expect(again!.id).toBe(first!.id);
    expect(other!.id).not.toBe(first!.id);
  });

  test('a run that has gone quiet is told, without anything else to happen', async () => {
    const titles: (string | null)[] = [];
    await using markers = new PackageMarkers({
      quietMs: 5,
      post: (draft) => Promise.resolve(titles.push(draft.title)),
    });
    markers.take(dpkg('install jq:amd64 <none> 1.6'));
    await until('the marker', () => titles.length === 1);
  });
});
