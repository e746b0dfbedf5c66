/** Agents as a table of text. */
import type { AgentEntry } from '../../shared/schema/servers.ts';
import { visibleText } from '../../shared/visible-text.ts';

const heads = ['NAME', 'ID', 'LAST SEEN', 'LAG', 'KEPT', 'VERSION', 'ADDRESS', 'TROUBLE'];

/** A name is the agent's own word, so it is shown with nothing in it obeyed. `now` in epoch milliseconds. */
export function agentTable(agents: readonly AgentEntry[], now: number): string {
  const rows = [heads, ...agents.map((agent) => cellsOf(agent, now))];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
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

/** "40 ms", "12 s", "3 min", "5 h", "2 d". */
function spanOf(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const steps = [
    ['s', 1_000, 120],
    ['min', 60_000, 120],
    ['h', 3_600_000, 48],
  ] as const;
  const step = steps.find(([, unitMs, most]) => ms / unitMs < most);
  return step ? `${Math.round(ms / step[1])} ${step[0]}` : `${Math.round(ms / 86_400_000)} d`;
}
