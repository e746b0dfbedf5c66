/** Takes secrets and addresses out of observations on this machine, before they are kept or sent anywhere. */
import type { Observation } from '../shared/events.ts';
import type { ObservationSink } from '../shared/observer.ts';
import { eventRedactor } from '../shared/redaction/redact-event.ts';
import { textRedactor } from '../shared/redaction/redact-text.ts';
import type { Redaction } from '../shared/schema/shares.ts';

export const redactionChoices = [
  'secrets',
  'emails',
  'addresses',
] as const satisfies readonly (keyof Redaction)[];
export type RedactionChoice = (typeof redactionChoices)[number];

/** `sink` itself where nothing is to be taken out. */
export function redactingSink(sink: ObservationSink, choices: readonly RedactionChoice[]): ObservationSink {
  if (choices.length === 0) return sink;
  const choice: Redaction = {
    secrets: choices.includes('secrets'),
    emails: choices.includes('emails'),
    addresses: choices.includes('addresses'),
  };
  const redact = eventRedactor(textRedactor(choice), choice.secrets);
  return {
    ...(sink.keeping && { keeping: sink.keeping }),
    room: () => sink.room?.() ?? null,
    describe: (host) => sink.describe(host),
    observe: (observation) => sink.observe(redact(observation) as Observation),
  };
}
