/** Installs the agent as a systemd service, and removes it again: files below a root, and what systemctl is told. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InstallError } from './install-error.ts';
import { systemdUnit, UNIT_NAME } from './systemd-unit.ts';

/** Groups whose members may read logs on Debian, Fedora and their kin. */
const LOG_GROUPS = ['adm', 'systemd-journal'];

export interface InstallOptions {
  /** "/", or the root of an image that is being built: then systemctl is not called. */
  root: string;
  command: readonly string[];
  /** Used at the first start, then worth nothing. */
  code: string | null;
  user: string | null;
}

interface Places {
  unit: string;
  environment: string;
  state: string;
}

/** What `install` would write as the unit, for `--print`. */
export function unitOf({ root, command, user }: Omit<InstallOptions, 'code'>): string {
  const groups = LOG_GROUPS.filter((group) => groupsOf(root).has(group));
  return systemdUnit({ command, user, groups, environmentFile: placesIn('/').environment });
}

/** Answers what was done, a sentence each. Throws an `InstallError`. */
export function installAgent(options: InstallOptions): string[] {
  const { root, code } = options;
  refuseElsewhere(root);
  const places = placesIn(root);
  const done: string[] = [];
  write(places.unit, unitOf(options), 0o644);
  done.push(`Wrote ${places.unit}.`);
  if (code !== null) {
    write(places.environment, `WATCHLINE_CODE=${code}\n`, 0o600);
    done.push(`Wrote the pairing code to ${places.environment}; it is used once, within 15 minutes.`);
  }
  if (root !== '/') return [...done, 'systemctl was not called: this is not the root of the running system.'];
  systemctl('daemon-reload');
  systemctl('enable', '--quiet', UNIT_NAME);
  // Not "start": an agent that runs already goes on with the new unit.
  systemctl('restart', UNIT_NAME);
  return [
    ...done,
    'The agent runs, and starts with this machine.',
    `What it does:  systemctl status ${UNIT_NAME}    journalctl -u ${UNIT_NAME} -f`,
    'Remove it:     watchline agent uninstall',
  ];
}

/** `withState`: its token, spool and positions too. Answers what was done. Throws an `InstallError`. */
export function uninstallAgent(root: string, withState: boolean): string[] {
  refuseElsewhere(root);
  const places = placesIn(root);
  if (!existsSync(places.unit))
    throw new InstallError(`There is no ${places.unit}, so no agent is installed here.`);
  const done: string[] = [];
  if (root === '/') {
    systemctl('disable', '--quiet', '--now', UNIT_NAME);
    done.push('Stopped the agent.');
  }
  for (const file of [places.unit, places.environment]) {
    if (!existsSync(file)) continue;
    rmSync(file);
    done.push(`Removed ${file}.`);
  }
  if (root === '/') systemctl('daemon-reload');
  if (withState) {
    // With DynamicUser the state is in "private", and its usual place a link to it.
    for (const folder of [
      path.join(path.dirname(places.state), 'private', 'watchline-agent'),
      places.state,
    ]) {
      if (!existsSync(folder)) continue;
      rmSync(folder, { recursive: true });
      done.push(`Removed ${folder}.`);
    }
  } else if (existsSync(places.state)) {
    done.push(`Left ${places.state}: its token, and what was not sent yet. "--purge" removes it too.`);
  }
  return [
    ...done,
    'Its hub still lists it until it is revoked there: Settings, Servers, or watchline agents revoke.',
  ];
}

function placesIn(root: string): Places {
  return {
    unit: path.join(root, 'etc/systemd/system', UNIT_NAME),
    environment: path.join(root, 'etc/watchline/agent.env'),
    state: path.join(root, 'var/lib/watchline-agent'),
  };
}

function refuseElsewhere(root: string): void {
  if (root !== '/') return;
  if (process.platform !== 'linux' || !existsSync('/run/systemd/system')) {
    throw new InstallError('This machine is not run by systemd, so no service can be installed.', {
      remedy: 'docs/operations.md has recipes for launchd, Windows and others; --print shows the unit.',
    });
  }
  if (process.getuid?.() !== 0)
    throw new InstallError('Installing a service needs root.', { remedy: 'Run the same line with sudo.' });
}

function groupsOf(root: string): Set<string> {
  const file = path.join(root, 'etc/group');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return new Set(text.split('\n').map((line) => line.split(':')[0]!));
}

function write(file: string, content: string, mode: number): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, content, { mode, flag: 'wx' });
  } catch (cause) {
    throw new InstallError(`${file} cannot be written: ${(cause as Error).message}.`, { cause });
  }
}

function systemctl(...args: string[]): void {
  try {
    execFileSync('systemctl', args, { encoding: 'utf8', timeout: 60_000, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (cause) {
    const said = String((cause as { stderr?: string }).stderr ?? '').trim() || (cause as Error).message;
    throw new InstallError(`"systemctl ${args.join(' ')}" failed: ${said}`, {
      remedy: `Look at "systemctl status ${UNIT_NAME}".`,
      cause,
    });
  }
}
