/** A target: something elsewhere that this hub asks or writes to again and again; what is kept of it, and how it goes. */
import * as z from 'zod/mini';
import { UntrustedError } from '../../link/tls/untrusted-error.ts';
import { WatchlineError } from '../../shared/errors.ts';
import type { TargetState } from '../../shared/schema/interop.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { SealedSecretError, type Keyring } from '../access/keyring.ts';
import { RefusedTargetError } from '../upstreams/refused-target-error.ts';
import type { TargetGuard } from '../upstreams/target-guard.ts';
import { TargetError } from './target-error.ts';

export const keptTarget = z.object({
  id: z.string().check(z.regex(/^[a-z0-9]{8}$/)),
  url: z.url().check(z.maxLength(2048)),
  user: z.nullable(z.string().check(z.maxLength(256))),
  /** As the keyring sealed it: longer than it is. */
  secret: z.nullable(z.string().check(z.minLength(1), z.maxLength(8192))),
  pin: z.nullable(z.string().check(z.maxLength(128))),
  paused: z.boolean(),
});
export type KeptTarget = z.infer<typeof keptTarget>;

/** Runs from when it is made until it is disposed, unless it is paused. */
export interface Target<Entry> extends AsyncDisposable {
  readonly entry: Entry;
  start(): void;
  pause(): Promise<void>;
  /** For good: what belongs to it goes with it. */
  remove(): Promise<void>;
}

/** What every target is given. */
export interface TargetParts {
  guard: TargetGuard;
  /** Opens the secret each time it is sent: in memory it stays as it was kept. */
  keyring: Keyring;
  report: (trouble: Error) => void;
  /** First wait after a failure, and the wait after a refusal. */
  retryMs: number;
  refusedRetryMs: number;
}

/** The state a target is in, since when, and why. */
export class TargetStanding {
  #state: TargetState = 'connecting';
  #reason: string | null = null;
  #since = Date.now();

  get told(): { state: TargetState; reason: string | null; since: number } {
    return { state: this.#state, reason: this.#reason, since: this.#since };
  }

  get state(): TargetState {
    return this.#state;
  }

  turn(state: TargetState, reason: string | null = null): void {
    if (state !== this.#state) this.#since = Date.now();
    this.#state = state;
    this.#reason = reason;
  }
}

/** `Authorization` for a kept target; none where it has no secret. Throws a `SealedSecretError`. */
export function authorizationOf({ user, secret }: KeptTarget, keyring: Keyring): Record<string, string> {
  if (secret === null) return {};
  const opened = keyring.open(secret);
  const basic = Buffer.from(`${user}:${opened}`).toString('base64');
  return { authorization: user === null ? `Bearer ${opened}` : `Basic ${basic}` };
}

/** Whether waiting alone does not mend it. */
export function isRefusal(error: Error): boolean {
  if (error instanceof TargetError) return !error.isRetryable;
  return [RefusedTargetError, UntrustedError, SealedSecretError].some((kind) => error instanceof kind);
}

/** What went wrong and what to do, for people. */
export function reasonOf(error: Error): string {
  return wordsOf(error).slice(0, 1_000);
}

function wordsOf(error: Error): string {
  if (error instanceof UntrustedError) {
    return `${error.message} If its owner confirms this key, remove it here and add it again.`;
  }
  if (!(error instanceof WatchlineError)) {
    return `It could not be asked: ${visibleText(error.message)}. It is tried again by itself.`;
  }
  if (error.code === 'unreachable') return `${error.message} It is tried again by itself.`;
  return [error.message, error.remedy].filter(Boolean).join(' ');
}
