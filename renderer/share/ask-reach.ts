/** What the owner's page asks of the hub about how it is reached. */
import { paths } from '../../shared/protocol.ts';
import {
  reachAnswer,
  reachTestAnswer,
  type ReachAnswer,
  type ReachChange,
  type ReachTestAnswer,
} from '../../shared/schema/reach.ts';
import { askHub, type HubAnswer } from '../app/ask-hub.ts';

/** A port is opened and a certificate made; a test waits for what never answers. */
const SLOW_MS = 30_000;

export function askReach(signal?: AbortSignal): Promise<HubAnswer<ReachAnswer>> {
  return askHub(paths.reach, reachAnswer, signal === undefined ? {} : { signal });
}

export function changeReach(change: ReachChange): Promise<HubAnswer<ReachAnswer>> {
  return askHub(paths.reach, reachAnswer, { method: 'PUT', body: change, timeoutMs: SLOW_MS });
}

/** `url` null: where links lead to. */
export function testReach(url: string | null, signal?: AbortSignal): Promise<HubAnswer<ReachTestAnswer>> {
  return askHub(`${paths.reach}/test`, reachTestAnswer, {
    method: 'POST',
    body: { url },
    timeoutMs: SLOW_MS,
    ...(signal !== undefined && { signal }),
  });
}
