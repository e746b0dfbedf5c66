/** What keeps alerts honest: nothing is made up where nothing was measured, nothing is forgotten, and nobody hears of what he may not see. */
import type { Mechanism } from './mechanism.ts';

const shared = { kind: 'contract', test: 'alerts-shared' } as const;
const kept = { kind: 'contract', test: 'alerts' } as const;
const watch = { kind: 'unit', test: 'hub/alerts/watch' } as const;
const judge = { kind: 'unit', test: 'hub/alerts/judge' } as const;

export const alertMechanisms: readonly Mechanism[] = [
  {
    promise: 19,
    what: 'a rule counts anew after a time in which nothing was measured',
    file: 'hub/alerts/watch.ts',
    text: 'time - this.#lastTime > patienceMs',
    off: 'patienceMs < 0',
    ...watch,
    title: 'begins anew after a long one',
  },
  {
    promise: 19,
    what: 'agents have a minute to come back after the hub slept',
    file: 'hub/alerts/judge.ts',
    text: 'if (Math.abs(now - this.#lookedAt) > JUMP_MS)',
    off: 'if (now < 0)',
    ...judge,
    title: 'after the start, and after a sleep of the hub, agents have a minute to come back',
  },
  {
    promise: 19,
    what: 'who says nothing after a restart of the hub is not back',
    file: 'hub/alerts/judge.ts',
    text: "status === 'live' || status === 'backfilling'",
    off: 'status !== undefined',
    ...judge,
    title: 'a host that is known again after a restart of the hub, and says nothing, is not back',
  },
  {
    promise: 34,
    what: 'what fires is read back after a restart',
    file: 'hub/alerts/alerts.ts',
    text: 'for (const alert of this.#file.read(Date.now() - ALERTS_KEPT_MS)) this.#hold(alert);',
    off: 'this.#file.read();',
    ...kept,
    title: 'what fires goes on after a restart of the hub, as the same alert, and ends there',
  },
  {
    promise: 34,
    what: 'of the lines of one alert the newest counts, also where it is outside of what is asked',
    file: 'hub/timeline-file.ts',
    text: '        byId.delete(raw.id);\n',
    off: '',
    ...kept,
    title: 'those of a stretch of time are all that went on in it, whenever they fired',
  },
  {
    promise: 27,
    what: 'alerts of long ago are told of the hosts of a sight alone',
    file: 'hub/alerts/alert-endpoint.ts',
    text: '      .filter(({ host }) => sight.holdsHost(host))\n',
    off: '',
    ...shared,
    title: 'of its hosts alone',
  },
  {
    promise: 27,
    what: 'what was measured is told with measurements alone',
    file: 'hub/shares/share-sight.ts',
    text: "event.data.measure !== 'offline'",
    off: "event.data.measure === 'offline'",
    ...shared,
    title: 'of what is measured only where measurements are shared',
  },
  {
    promise: 27,
    what: 'a share that begins now is not told what ended before',
    file: 'hub/access/shown-event.ts',
    text: '(event.data.endedAt ?? Infinity) < from ? null : event',
    off: 'event',
    ...shared,
    title: 'of a live share what ended before is not told, and what fires is',
  },
  {
    promise: 27,
    what: 'names are hidden in the names of filesystems that fire',
    file: 'shared/redaction/redact-event.ts',
    text: 'subject: subject && clean(subject).slice(0, 4096)',
    off: 'subject',
    ...shared,
    title: 'names of hosts are hidden in the names of filesystems as well',
  },
];
