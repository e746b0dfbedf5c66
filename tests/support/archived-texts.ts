/** What the archive of a hub in a process of its own holds, asked for as a reader does. */
import { expect } from 'vitest';
import { searchRecord, type SearchRecord } from '../../shared/schema/log-search.ts';
import type { RunningCommand } from './run-command.ts';

export interface HubAddress {
  port: number;
  ownerToken: string;
}

/** As `watchline hub` prints it. */
export async function addressOf(hub: RunningCommand): Promise<HubAddress> {
  const [, ownerToken, port] = await hub.untilPrinted(/Bearer (\S+)" http:\/\/127\.0\.0\.1:(\d+)\//);
  return { ownerToken: ownerToken!, port: Number(port) };
}

/** Lines that pass the filter. */
export async function countOf(address: HubAddress, filter: string): Promise<number> {
  const last = (await recordsOf(address, `limit=1&filter=${encodeURIComponent(filter)}`)).at(-1)!;
  return last.kind === 'end' ? last.matched : 0;
}

/** Oldest first. */
export async function textsOf(address: HubAddress, filter = ''): Promise<string[]> {
  const texts: string[] = [];
  const query = `order=oldest&limit=5000&filter=${encodeURIComponent(filter)}`;
  for (let after = ''; ;) {
    const records = await recordsOf(address, `${query}${after}`);
    for (const record of records) if (record.kind === 'line') texts.push(record.line.text);
    const end = records.at(-1)!;
    if (end.kind !== 'end' || end.lastId === null) return texts;
    after = `&after=${end.lastId}`;
  }
}

async function recordsOf({ port, ownerToken }: HubAddress, query: string): Promise<SearchRecord[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/logs/search?${query}`, {
    headers: { Authorization: `Bearer ${ownerToken}` },
  });
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).trimEnd().split('\n');
  return lines.map((line) => searchRecord.parse(JSON.parse(line)));
}
