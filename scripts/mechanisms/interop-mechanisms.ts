/** What keeps other tools honest: the exporters a hub asks, and the places it writes to. */
import type { Mechanism } from './mechanism.ts';

const exporters = { kind: 'contract', test: 'interop-exporters' } as const;
const writes = { kind: 'contract', test: 'interop-remote-write' } as const;

export const interopMechanisms: readonly Mechanism[] = [
  {
    promise: 30,
    what: 'an exporter is no way to a cloud’s metadata',
    file: 'hub/interop/target-endpoint.ts',
    text: 'await this.#checkAddress(new URL(wanted.url));',
    off: '',
    ...exporters,
    title:
      'addresses of no server, and of cloud metadata by any notation, are refused before anything is asked',
  },
  {
    promise: 30,
    what: 'a redirect of a target is not followed',
    file: 'hub/interop/ask-target.ts',
    text: 'if (answer.status >= 300 && answer.status < 400) throw this.#leadsElsewhere(answer);',
    off: '',
    ...exporters,
    title: 'what it does wrong is said, and it comes back by itself',
  },
  {
    promise: 13,
    what: 'an answer of a target has an end',
    file: 'hub/interop/ask-target.ts',
    text: 'if (bytes > maxBytes) {',
    off: 'if (bytes > Infinity) {',
    ...exporters,
    title: 'what it does wrong is said, and it comes back by itself',
  },
  {
    promise: 26,
    what: 'secrets of targets are sealed',
    file: 'hub/interop/target-list.ts',
    text: 'secret: wanted.secret && keyring.seal(wanted.secret),',
    off: 'secret: wanted.secret,',
    ...exporters,
    title: 'secrets are sent as they should be; no answer and no open file holds one',
  },
  {
    promise: 19,
    what: 'no rate of an exporter spans a silence',
    file: 'hub/interop/exporters/exporter-host.ts',
    text: `  lose(reason: string): void {
    this.#rates = null;`,
    off: '  lose(reason: string): void {',
    ...exporters,
    title: 'a silence makes no spike: rates begin anew after it',
  },
  {
    promise: 14,
    what: 'how far a remote write is outlives the hub',
    file: 'hub/interop/remote-write/written-until.ts',
    text: 'this.#until = new Map(Object.entries(read(file)));',
    off: 'this.#until = new Map();',
    ...writes,
    title: 'a hub that was stopped meanwhile makes up for it from its history, from where it was',
  },
  {
    promise: 14,
    what: 'a host counts as written once its samples were taken',
    file: 'hub/interop/remote-write/write-pass.ts',
    text: 'for (const part of portions(waiting)) await write(part, signal);\n    for (const [host, end] of ends) until.set(host, end);',
    off: 'for (const [host, end] of ends) until.set(host, end);\n    for (const part of portions(waiting)) await write(part, signal);',
    ...writes,
    title:
      'overloaded, broken, gone: it waits as long as it is asked to, and then sends what is missing, once',
  },
  {
    promise: 18,
    what: 'one refused value costs no other',
    file: 'hub/interop/remote-write/post-write.ts',
    text: 'tries >= MAX_TRIES ? null : halved(part)',
    off: 'null',
    ...writes,
    title: 'of what a receiver refuses for good the rest is taken: another host, another second',
  },
  {
    promise: 14,
    what: 'a wrong address is not taken for bad samples',
    file: 'hub/interop/remote-write/remote-writer.ts',
    text: 'await post.greet(this.#named([hubUp(Date.now())]), signal);',
    off: '',
    ...writes,
    title: 'a wrong secret or address loses nothing: it is said, and sent when it is right',
  },
];
