/** Pairs with a hub: the code is sent once the hub has proved who it is, and comes back as a token. */
import type { Trust } from '../../link/tls/trust.ts';
import { paths } from '../../shared/protocol.ts';
import { pairAnswer, UPLINK_PROTOCOL, uplinkProblems, type PairRequest } from '../../shared/schema/uplink.ts';
import { openHubConnection } from '../uplink/hub-connection.ts';
import { readAnswer } from '../uplink/read-answer.ts';
import { UplinkError } from '../uplink/uplink-error.ts';
import type { Pairing } from './pairing-file.ts';

export interface PairOptions {
  url: URL;
  trust: Trust;
  /** As a person typed it. */
  code: string;
  /** What the machine calls itself. */
  host: PairRequest['host'];
  agentVersion: string;
}

/** Throws a `WatchlineError`: the hub cannot be reached, is not trusted, or does not take the code. */
export async function pairWithHub({ url, trust, code, host, agentVersion }: PairOptions): Promise<Pairing> {
  await using connection = await openHubConnection({ url, trust });
  const request: PairRequest = { protocol: UPLINK_PROTOCOL, code, host, agentVersion };
  const answer = await connection.post({
    path: paths.pair,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(request)),
  });
  try {
    const { host: id, token } = readAnswer(answer, pairAnswer, url);
    return { hub: url.origin, trust, host: id, token, code, pairedAt: Date.now() };
  } catch (error) {
    throw error instanceof UplinkError ? inWordsOfPairing(error, code, url) : error;
  }
}

const NEW_LINE = 'Make a new line under "Add a server" on the dashboard, and run that.';

function inWordsOfPairing(error: UplinkError, code: string, url: URL): UplinkError {
  if (error.code === uplinkProblems.wrongCode) {
    return new UplinkError(
      error.code,
      `The hub at ${url.host} does not take the code ${code}: it is mistyped, used, or closed.`,
      {
        remedy: `Compare it with the dashboard. ${NEW_LINE}`,
      },
    );
  }
  if (error.code === uplinkProblems.expiredCode) {
    return new UplinkError(error.code, `The code ${code} is too old: codes are good for 15 minutes.`, {
      remedy: NEW_LINE,
    });
  }
  return error;
}
