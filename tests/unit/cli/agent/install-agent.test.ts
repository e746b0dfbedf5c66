/** The installed agent: what is written below a root, and what systemd itself says of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentProgram } from '../../../../cli/agent/install/agent-program.ts';
import { installAgent, uninstallAgent, unitOf } from '../../../../cli/agent/install/install-agent.ts';
import { UNIT_NAME } from '../../../../cli/agent/install/systemd-unit.ts';
import { runCommand } from '../../../support/run-command.ts';
import { hasTool } from '../../../support/system-tools.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const command = [
  '/usr/bin/true',
  'agent',
  '--hub',
  'https://hub:7443',
  '--name',
  'web "50%" $x',
  '--logs',
  '/a b',
];
const hasSystemd = hasTool('systemd-analyze');

describe('an installed agent', () => {
  it('has a unit, and a code that only root may read', async () => {
    await using root = await makeTempFolder();
    const done = installAgent({ root: root.path, command, code: 'ABCD-EFGH', user: null });
    const unit = path.join(root.path, 'etc/systemd/system', UNIT_NAME);
    const code = path.join(root.path, 'etc/watchline/agent.env');
    expect(readFileSync(unit, 'utf8')).toContain('DynamicUser=yes');
    expect(readFileSync(unit, 'utf8')).not.toContain('ABCD');
    expect(readFileSync(code, 'utf8')).toBe('WATCHLINE_CODE=ABCD-EFGH\n');
    expect(statSync(code).mode & 0o777).toBe(0o600);
    expect(done.join('\n')).toContain(unit);
  });

  it('never writes through a link that somebody put in its place', async () => {
    await using root = await makeTempFolder();
    mkdirSync(path.join(root.path, 'etc/watchline'), { recursive: true });
    writeFileSync(path.join(root.path, 'victim'), 'untouched', { mode: 0o644 });
    execFileSync('ln', [
      '-s',
      path.join(root.path, 'victim'),
      path.join(root.path, 'etc/watchline/agent.env'),
    ]);
    installAgent({ root: root.path, command, code: 'ABCD-EFGH', user: null });
    expect(readFileSync(path.join(root.path, 'victim'), 'utf8')).toBe('untouched');
  });

  it('is in the groups that may read logs, those there are', async () => {
    await using root = await makeTempFolder();
    mkdirSync(path.join(root.path, 'etc'));
    writeFileSync(path.join(root.path, 'etc/group'), 'root:x:0:\nadm:x:4:syslog\n');
    expect(unitOf({ root: root.path, command, user: null })).toContain('SupplementaryGroups=adm\n');
    expect(unitOf({ root: root.path, command, user: 'watch' })).toContain('User=watch\n');
  });

  it('is gone when it is removed, but for what it has not sent', async () => {
    await using root = await makeTempFolder();
    installAgent({ root: root.path, command, code: 'ABCD-EFGH', user: null });
    const state = path.join(root.path, 'var/lib/watchline-agent');
    mkdirSync(state, { recursive: true });
    expect(uninstallAgent(root.path, false).join('\n')).toContain(`Left ${state}`);
    expect(existsSync(path.join(root.path, 'etc/systemd/system', UNIT_NAME))).toBe(false);
    expect(existsSync(path.join(root.path, 'etc/watchline/agent.env'))).toBe(false);
    expect(existsSync(state)).toBe(true);
    expect(() => uninstallAgent(root.path, false)).toThrow('no agent is installed here');
  });

  it('has its state removed where that is asked for', async () => {
    await using root = await makeTempFolder();
    installAgent({ root: root.path, command, code: null, user: null });
    const state = path.join(root.path, 'var/lib/private/watchline-agent');
    mkdirSync(state, { recursive: true });
    uninstallAgent(root.path, true);
    expect(existsSync(state)).toBe(false);
  });
});

describe.skipIf(!hasSystemd)('by systemd-analyze', () => {
  it('is a unit without a fault, and what is quoted arrives as it was', async () => {
    await using folder = await makeTempFolder();
    const unit = path.join(folder.path, UNIT_NAME);
    writeFileSync(unit, unitOf({ root: '/', command, user: null }));
    const { stdout, stderr, status } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    expect({ said: `${stdout}${stderr}`, status }).toEqual({ said: '', status: 0 });
  });

  it('is called safe', async () => {
    await using folder = await makeTempFolder();
    const unit = path.join(folder.path, UNIT_NAME);
    writeFileSync(unit, unitOf({ root: '/', command, user: null }));
    const args = ['security', '--offline=true', '--threshold=20', '--no-pager', unit];
    const { stdout, status } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
    expect({ verdict: stdout.trim().split('\n').at(-1), status }).toMatchObject({ status: 0 });
  });
});

describe('the program of the unit', () => {
  it('is refused where its user could not read it', async () => {
    await using folder = await makeTempFolder();
    const script = path.join(folder.path, 'watchline.cjs');
    writeFileSync(script, '');
    chmodSync(script, 0o644);
    chmodSync(folder.path, 0o700);
    expect(() => agentProgram('/bin/true', [], script)).toThrow(`because of the mode of ${folder.path}`);
    chmodSync(folder.path, 0o755);
    expect(agentProgram('/bin/true', ['--x'], script).slice(1)).toEqual(['--x', script]);
  });
});

describe('the command', () => {
  it('shows the unit with the flags it was given, and without the code', async () => {
    const words = [
      '--hub',
      'https://h:7400',
      '--code',
      'ABCD-EFGH',
      '--logs',
      'a.log',
      '--logs',
      '/b.log',
      '--no-journal',
    ];
    await using install = runCommand(['agent', 'install', ...words, '--print']);
    expect(await install.ended).toBe(0);
    const start = /^ExecStart=(.*)$/m.exec(install.stdout)?.[1];
    const here = path.resolve('a.log');
    expect(start).toContain(` agent --logs ${here} --logs /b.log --no-journal --hub https://h:7400`);
    expect(start).not.toContain('ABCD');
  });

  it('wants the hub', async () => {
    await using install = runCommand(['agent', 'install', '--print']);
    expect(await install.ended).toBe(2);
    expect(install.stderr).toContain('The line lacks the hub.');
  });
});
