/** Questions that are put one after the other: those of one screen are not to take all the room that a hub has for many. */

export type InTurn = <Answer>(ask: () => Promise<Answer>, signal: AbortSignal) => Promise<Answer | null>;

/** `ask` is called once those before are through; never where the signal was aborted meanwhile: then the answer is null. */
export function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (ask, signal) => {
    const own = last.then(() => (signal.aborted ? null : ask()));
    last = own.catch(() => undefined);
    return own;
  };
}
