/** `watchline hub`: this machine's agent and a hub for it in one process, until told to stop. */
import { createMachineAgent } from '../../agent/machine-agent.ts';
import { readEnvironment } from '../../hub/config/environment.ts';
import { hubOptionsOf } from '../../hub/config/hub-options-of.ts';
import { loadConfig, type Flags } from '../../hub/config/load-config.ts';
import { startHub } from '../../hub/start-hub.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { findPageDir } from '../page-dir.ts';
import { version } from '../version.ts';
import { announcement } from './announce.ts';
import { giveBackStartMemory } from './give-back-start-memory.ts';
import { optimiseUnderLoad } from './optimise-under-load.ts';
import { untilToldToStop } from './stop-signals.ts';

/** Resolves with the exit code, after everything that was opened is closed. */
export async function runHub(flags: Flags): Promise<number> {
  // Whoever reads the address may close the pipe, and a full disk may refuse the text: the hub goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const toldToStop = untilToldToStop();
  const { hub: settings, agent } = await loadConfig({ flags });
  const { dataDir, openBrowser: mayOpen } = settings;
  const starting = startHub({
    ...hubOptionsOf(settings),
    version,
    pageDir: findPageDir(),
    observers: [createMachineAgent({ version, dataDir, keepsPositions: true, ...agent })],
  });
  await using hub = await starting.catch((error: unknown) => {
    throw isFullDisk(error) ? fullDisk(dataDir, error) : error;
  });
  using _optimiser = optimiseUnderLoad();
  using _memory = giveBackStartMemory();
  process.stdout.write(announcement(hub, dataDir));
  if (mayOpen && process.stdout.isTTY && readEnvironment().hasDisplay) {
    const { openBrowser } = await import('./open-browser.ts');
    openBrowser(hub.launchUrl());
  }
  await toldToStop;
  return 0;
}

function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code));
}

function fullDisk(dataDir: string, cause: unknown): WatchlineError {
  return new WatchlineError('data-dir-unusable', `The disk of the data folder ${dataDir} is full.`, {
    remedy: 'Free some space, or choose a folder on another disk with --data (WATCHLINE_DATA).',
    cause,
  });
}
