/** Globs: what matches and what does not. */
import { describe, expect, it } from 'vitest';
import { alwaysExcluded, defaultLogFiles } from '../../../../collect/logs/default-log-files.ts';
import { createAllowList } from '../../../../collect/logs/file/allow-list.ts';
import { isGenerationOf } from '../../../../collect/logs/file/earlier-generations.ts';
import { compileGlob } from '../../../../collect/logs/file/glob-pattern.ts';

describe('compileGlob', () => {
  const cases: [string, string[], string[]][] = [
    [
      '/var/log/*.log',
      ['/var/log/a.log'],
      ['/var/log/a.log.1', '/var/log/x/a.log', '/var/log/.log', '/var/logs/a.log'],
    ],
    ['/var/log/**/*.log', ['/var/log/a.log', '/var/log/x/y/a.log'], ['/var/log/.x/a.log', '/var/loga.log']],
    ['/var/log/**', ['/var/log/a', '/var/log/x/y'], ['/var/log/.a', '/var/log/']],
    ['/l/{a,b*}.log', ['/l/a.log', '/l/bcd.log'], ['/l/c.log', '/l/a,b.log']],
    ['/l/[ab]?.log', ['/l/ax.log'], ['/l/cx.log', '/l/a.log', '/l/a/.log']],
    ['/l/[!ab].log', ['/l/c.log'], ['/l/a.log', '/l//.log']],
    ['/l/a+b(1).$log', ['/l/a+b(1).$log'], ['/l/aab1.log']],
    ['/l/[x', ['/l/[x'], ['/l/x']],
  ];
  for (const [glob, matching, others] of cases) {
    it(glob, () => {
      const pattern = compileGlob(glob);
      expect(matching.filter((file) => !pattern.matches(file))).toEqual([]);
      expect(others.filter((file) => pattern.matches(file))).toEqual([]);
    });
  }

  it('knows its base, its depth and whether it names one file', () => {
    expect(compileGlob('/var/log/*.log')).toMatchObject({ base: '/var/log', depth: 0, isLiteral: false });
    expect(compileGlob('/srv/*/log/app.log')).toMatchObject({ base: '/srv', depth: 2 });
    const dotted = compileGlob('/home/*/.pm2/.v[12]/*.log');
    expect(['.pm2', '.v1', '.v3', '.log', 'home'].filter((name) => dotted.saysFolder(name))).toEqual([
      '.pm2',
      '.v1',
    ]);
    expect(compileGlob('/srv/app.log')).toMatchObject({ base: '/srv', depth: 0, isLiteral: true });
  });
});

it('leaves out rotated, compressed and binary files by default', () => {
  const list = createAllowList(['/var/log/**'], alwaysExcluded);
  const out = [
    'a.log.1',
    'a.log.2.gz',
    'syslog.1',
    'a.log-20260102',
    'messages-20260102',
    'wtmp',
    'btmp.1',
    'x/sysstat/sa02',
    'journal/abc/system.journal',
  ];
  expect(out.filter((name) => list.allows(`/var/log/${name}`))).toEqual([]);
  const kept = [
    'a.log',
    'syslog',
    'app-2026-01-02.log',
    'nginx/access.log',
    'postgresql/postgresql-15-main.log',
  ];
  expect(kept.filter((name) => !list.allows(`/var/log/${name}`))).toEqual([]);
});

it('follows the usual files of Linux by default', () => {
  const list = createAllowList(defaultLogFiles['linux']!, alwaysExcluded);
  const usual = ['syslog', 'messages', 'auth.log', 'nginx/error.log', 'httpd/access_log'];
  expect(usual.filter((name) => !list.allows(`/var/log/${name}`))).toEqual([]);
});

it('tells generations of a file from its neighbours', () => {
  const isGeneration = isGenerationOf('app.log');
  expect(
    ['app.log.1', 'app.log-20260102', 'app.log.old', 'app.1.log', 'app-20260102.log'].filter(isGeneration),
  ).toHaveLength(5);
  expect(
    ['app.log', 'app-worker.log', 'app.log.2.gz', 'app.logx', 'other.log', 'app.log1'].filter(isGeneration),
  ).toEqual([]);
});
