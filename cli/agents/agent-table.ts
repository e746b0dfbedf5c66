/** Agents as a table of text. */
import type { AgentEntry } from '../../shared/schema/servers.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { spanOf, textTable } from '../text-table.ts';

const heads = ['NAME', 'ID', 'LAST SEEN', 'LAG', 'KEPT', 'VERSION', 'ADDRESS', 'TROUBLE'];

/** A name is the agent's own word, so it is shown with nothing in it obeyed. `now` in epoch milliseconds. */
export function agentTable(agents: readonly AgentEntry[], now: number): string {
  return textTable(
    heads,
    agents.map((agent) => cellsOf(agent, now)),
  );
}

function cellsOf(agent: AgentEntry, now: number): string[] {
  return [
    visibleText(agent.name),
    agent.host,
    agent.lastSeen === null ? 'never' : `${spanOf(now - agent.lastSeen)} ago`,
    agent.lagMs === null ? '-' : spanOf(agent.lagMs),
    agent.waiting === null ? '-' : String(agent.waiting),
    visibleText(agent.version),
    agent.address ?? '-',
    visibleText(agent.trouble ?? '-'),
  ];
}
