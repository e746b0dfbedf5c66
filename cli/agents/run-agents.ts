/** `watchline agents`: who sends to this machine's hub, and shutting one out. */
import { loadConfig, type Flags } from '../../hub/config/load-config.ts';
import { paths } from '../../shared/protocol.ts';
import { agentsAnswer, type AgentEntry } from '../../shared/schema/servers.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { askOwnHub } from '../ask-own-hub.ts';
import { RefusedError } from '../refused-error.ts';
import { agentTable } from './agent-table.ts';

export async function runAgents(flags: Flags): Promise<number> {
  // `watchline agents | head` has read enough: nothing is wrong.
  process.stdout.on('error', () => undefined);
  const agents = await listAgents(await dataDirOf(flags));
  if (flags['json'] === true) {
    for (const agent of agents) process.stdout.write(`${JSON.stringify(agent)}\n`);
  } else if (agents.length === 0) {
    process.stderr.write(
      'No agent is paired with this hub. "watchline invite" prints the line that pairs one.\n',
    );
  } else process.stdout.write(agentTable(agents, Date.now()));
  return 0;
}

/** `wanted`: a name or an id, as the list shows them. */
export async function runRevoke(wanted: string, flags: Flags): Promise<number> {
  const dataDir = await dataDirOf(flags);
  const agent = agentNamed(wanted, await listAgents(dataDir));
  const path = `${paths.agents}/${encodeURIComponent(agent.host)}`;
  await askOwnHub(dataDir, null, { method: 'DELETE', path });
  process.stderr.write(`Revoked ${visibleText(agent.name)} (${agent.host}): it sends nothing any more.\n`);
  return 0;
}

/** An id is one agent's alone; a name may be several's. Throws a `RefusedError` where it is none's, or not clear whose. */
function agentNamed(wanted: string, agents: readonly AgentEntry[]): AgentEntry {
  const byId = agents.find(({ host }) => host === wanted);
  const byName = agents.filter(({ name }) => name === wanted);
  if (byId) return byId;
  if (byName.length === 1) return byName[0]!;
  const ids = byName.map(({ host }) => host).join(', ');
  throw byName.length === 0
    ? new RefusedError(
        `No agent is called ${JSON.stringify(wanted)}.`,
        '"watchline agents" lists names and ids.',
      )
    : new RefusedError(`Several agents are called ${JSON.stringify(wanted)}.`, `Name one by its id: ${ids}.`);
}

async function dataDirOf(flags: Flags): Promise<string> {
  const { hub } = await loadConfig({ flags: { data: flags['data'], config: flags['config'] } });
  return hub.dataDir;
}

async function listAgents(dataDir: string): Promise<AgentEntry[]> {
  const answer = await askOwnHub(dataDir, agentsAnswer, { method: 'GET', path: paths.agents });
  return answer!.agents;
}
