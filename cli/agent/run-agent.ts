/** `watchline agent`: this machine, observed for a hub elsewhere, until told to stop. */
import { setFlagsFromString } from 'node:v8';
import { startShippingAgent } from '../../agent/shipping-agent.ts';
import { loadConfig, type Flags } from '../../hub/config/load-config.ts';
import { openDataFolder } from '../../hub/data-folder.ts';
import { optimiseUnderLoad } from '../hub/optimise-under-load.ts';
import { giveBackStartMemory } from '../hub/give-back-start-memory.ts';
import { untilToldToStop } from '../hub/stop-signals.ts';
import { version } from '../version.ts';
import { agentTerminal } from './agent-terminal.ts';
import { becomePaired } from './become-paired.ts';
import { collectGarbage } from './collect-garbage.ts';

/** Of a fleet that starts together: by chance, and not where a person has just paired. */
const SPREAD_MS = 5_000;

/** Resolves with the exit code, after everything that was opened is closed. */
export async function runAgent(flags: Flags): Promise<number> {
  // A terminal that closed, or a full disk behind it, does not end an agent.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  // Of V8's compilers the first alone: it takes a quarter off an agent that reads logs, and costs it less than 1 MB.
  setFlagsFromString('--sparkplug');
  const toldToStop = untilToldToStop();
  const { agent: machine, uplink } = await loadConfig({ flags });
  const terminal = agentTerminal(process.stderr);
  openDataFolder(uplink.dataDir);
  const { pairing, isNew } = await becomePaired(uplink, machine.name, version, terminal);
  await using agent = await startShippingAgent({
    pairing,
    machine: { version, dataDir: uplink.dataDir, ...machine },
    spool: { maxBytes: uplink.spoolMebibytes * 2 ** 20, maxAgeMs: uplink.spoolHours * 3_600_000 },
    spreadMs: isNew ? 0 : SPREAD_MS,
    report: (news) => terminal.tell(news),
    reportDisk: (trouble) => terminal.tellDisk(trouble),
  });
  // A supervisor's word (a unit before sleep.target, say) that the machine is about to sleep.
  if (process.platform !== 'win32') process.on('SIGUSR2', () => void agent.sleepSoon());
  using _optimiser = optimiseUnderLoad();
  using _memory = giveBackStartMemory();
  using _garbage = collectGarbage();
  await toldToStop;
  return 0;
}
