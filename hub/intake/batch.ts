/** A batch: its head, and its lines not yet read. */
import {
  batchHead,
  MAX_BATCH_RECORDS,
  UPLINK_PROTOCOL,
  uplinkProblems,
  type BatchHead,
} from '../../shared/schema/uplink.ts';
import { fitBody, parseJson } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';

const LINE_END = 0x0a;
/** A head is far smaller. */
const MAX_HEAD_BYTES = 8 * 1024;

export interface Batch {
  head: BatchHead;
  /** One record each. */
  lines: readonly Buffer[];
}

/** Throws a `ProblemError`: 400 for a head that is none, 413 for too many records, 426 for a protocol not spoken here. */
export function openBatch(body: Buffer): Batch {
  const [first, ...lines] = linesOf(body);
  if (first === undefined || first.length > MAX_HEAD_BYTES) {
    throw new ProblemError(400, 'bad-body', 'The body does not begin with the head of a batch.', {
      remedy: 'Correct the body; docs/protocol.md describes it.',
    });
  }
  const head = parseJson(first.toString('utf8'));
  refuseOtherProtocol(head);
  return { head: fitBody(head, batchHead), lines };
}

/** A peer of another protocol may have another head: only its number is looked at first. */
function refuseOtherProtocol(head: unknown): void {
  const { protocol, agentVersion } = (head ?? {}) as { protocol?: unknown; agentVersion?: unknown };
  if (!Number.isSafeInteger(protocol) || protocol === UPLINK_PROTOCOL) return;
  const version = typeof agentVersion === 'string' ? ` ${agentVersion.slice(0, 64)}` : '';
  const older = (protocol as number) < UPLINK_PROTOCOL ? 'agent' : 'hub';
  throw new ProblemError(
    426,
    uplinkProblems.incompatible,
    `The agent${version} speaks protocol ${String(protocol)}, this hub protocol ${UPLINK_PROTOCOL}.`,
    { remedy: `Bring the ${older} to the version of the ${older === 'agent' ? 'hub' : 'agent'}.` },
  );
}

function linesOf(body: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < body.length;) {
    const end = body.indexOf(LINE_END, from);
    const to = end < 0 ? body.length : end;
    if (to > from) lines.push(body.subarray(from, to));
    if (lines.length > MAX_BATCH_RECORDS + 1) throw tooManyRecords();
    from = to + 1;
  }
  return lines;
}

function tooManyRecords(): ProblemError {
  return new ProblemError(413, 'batch-too-large', `A batch may hold ${MAX_BATCH_RECORDS} records.`, {
    remedy: 'Send fewer at once.',
  });
}
