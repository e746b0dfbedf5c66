/**
 * The address of the page's one worker, in the words of Trusted Types: the hub's policy lets a string become script only by a policy
 * it names, and this one makes nothing but that address.
 */
import workerUrl from './regex-worker.ts?worker&url';

/** What of Trusted Types (w3c.github.io/trusted-types) is used here; browsers without them take the string. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(): string },
  ): { createScriptURL(text: string): unknown };
}

export function regexWorkerScript(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('watchline', { createScriptURL: () => workerUrl }) ?? null;
  // The type of a script's address, which `new Worker` takes in place of a string.
  return (policy?.createScriptURL(workerUrl) ?? workerUrl) as string;
}

/** A page may make a policy once. */
let policy: ReturnType<TrustedTypes['createPolicy']> | null = null;
