/** Every time the page's stream goes by, in milliseconds. Tests shorten them; nobody else has a reason to. */
import { STREAM_SILENCE_MS } from '../../shared/protocol.ts';
import { backoffMs } from './backoff.ts';

export interface StreamTiming {
  /** An opened stream must say `hello` within this time, or polling is tried. Default 4,000. */
  helloMs: number;
  /** After this much silence the hub is asked whether it has something the stream does not bring. Default 3,000. */
  doubtMs: number;
  /** A doubt that found nothing is not repeated for this long: a quiet hub is not polled. Default 60,000. */
  trustMs: number;
  /** What an answer of polling held, the stream must bring within this time, or it is late. Default 1,000. */
  overtakenMs: number;
  /** After this much silence a stream is replaced whatever the hub says. Default `STREAM_SILENCE_MS`. */
  silenceMs: number;
  /** A stream that lived this long was a good one: the next failure starts the waits anew. Default 5,000. */
  provenMs: number;
  /** While polling, the stream is tried again after this time, give or take a fifth. Default 60,000. */
  trialEveryMs: number;
  /** How long a stream on trial must keep up with polling. Default 6,000. */
  trialMs: number;
  /** A leading tab that said nothing for this long is asked whether it is there. Default 18,000: a beat and some. */
  leaderAskMs: number;
  /** Asked, it must answer within this time, or it loses the lead. Default 4,000. */
  leaderAnswerMs: number;
  /** Wait before retry number `attempt`, from 0. Default: jittered, doubling, 15 s at most. */
  backoffMs: (attempt: number) => number;
}

export const defaultTiming: StreamTiming = {
  helloMs: 4_000,
  doubtMs: 3_000,
  trustMs: 60_000,
  overtakenMs: 1_000,
  silenceMs: STREAM_SILENCE_MS,
  provenMs: 5_000,
  trialEveryMs: 60_000,
  trialMs: 6_000,
  leaderAskMs: 18_000,
  leaderAnswerMs: 4_000,
  backoffMs,
};

/** `ms` give or take a fifth, so that many pages do not come at once. */
export function jittered(ms: number, random: () => number = Math.random): number {
  return Math.round(ms * (0.8 + 0.4 * random()));
}
