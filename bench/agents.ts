/** Agents: what one costs the machine it observes, and what many cost their hub. */
import { agentCostRows } from './agents/agent-cost.ts';
import { hubIngestRows } from './agents/hub-ingest.ts';
import type { BenchRow } from './bench-row.ts';

export async function run(options: { quick: boolean }): Promise<BenchRow[]> {
  return [...(await agentCostRows(options)), ...(await hubIngestRows(options))];
}
