/** What an engine says of a container, parsed from unknown input once, and what of it goes with each of its lines. */
import type { Fields } from '../formats/fields.ts';

export interface Container {
  /** 64 hexadecimal digits. */
  id: string;
  name: string;
  image: string;
  labels: Readonly<Record<string, string>>;
  /** With a terminal its two outputs are one, and come without frames. */
  hasTerminal: boolean;
  /** RFC 3339; null: unknown. Engines note it a moment after the container's first lines. */
  startedAt: string | null;
  /** RFC 3339: when its life before this one ended, or this one where it does not run any more. Null: none has so far. */
  endedAt: string | null;
  isRunning: boolean;
}

/** Labels that go with each line. */
const MAX_LABELS = 16;
const MAX_LABEL_LENGTH = 256;
/** Labels of the image's maker and of desktop programs: the same for all lines, and long. */
const idleLabels =
  /^(?:org\.opencontainers\.image|desktop\.docker|io\.buildah|com\.docker\.compose\.(?:config-hash|image|oneoff|version|depends_on|project\.(?:config_files|working_dir)))/;

/** Ids in the answer of `GET /containers/json`. */
export function runningIds(answer: unknown): string[] {
  if (!Array.isArray(answer)) return [];
  return answer.map((row: { Id?: unknown }) => row?.Id).filter(isId);
}

/** The answer of `GET /containers/<id>/json`; null: it is none. */
export function parseContainer(answer: unknown): Container | null {
  const { Id, Name, Config, State } = record(answer);
  if (!isId(Id)) return null;
  const { Image, Labels, Tty } = record(Config);
  const labels = Object.entries(record(Labels)).map(([key, value]) => [key, text(value)] as const);
  return {
    id: Id,
    name: text(Name).replace(/^\//, '').slice(0, 255) || Id.slice(0, 12),
    image: text(Image).slice(0, MAX_LABEL_LENGTH),
    labels: Object.fromEntries(labels),
    hasTerminal: Tty === true,
    startedAt: momentIn(State, 'StartedAt'),
    endedAt: momentIn(State, 'FinishedAt'),
    isRunning: record(State)['Running'] === true,
  };
}

export interface ContainerEvent {
  id: string;
  /** False: it was removed. */
  hasStarted: boolean;
  /** Epoch milliseconds by the engine's clock; null: unknown. */
  ms: number | null;
}

/** The start and the end of a container, in a line of `GET /events`; null: something else. */
export function parseEvent(json: string): ContainerEvent | null {
  try {
    const { Type, Action, id, Actor, time } = JSON.parse(json) as Record<string, unknown>;
    const found = (Actor as { ID?: unknown } | undefined)?.ID ?? id;
    if ((Type ?? 'container') !== 'container' || !isId(found)) return null;
    const ms = typeof time === 'number' ? time * 1000 : null;
    if (Action === 'start') return { id: found, hasStarted: true, ms };
    return Action === 'destroy' || Action === 'remove' ? { id: found, hasStarted: false, ms } : null;
  } catch {
    return null;
  }
}

/** With each line of the container. */
export function fieldsOf({ id, name, image, labels }: Container): Fields {
  const fields: Fields = { container: name, 'container.id': id.slice(0, 12), image };
  const telling = Object.entries(labels).filter(
    ([key]) => !idleLabels.test(key) && key.length <= MAX_LABEL_LENGTH,
  );
  for (const [key, value] of telling.slice(0, MAX_LABELS))
    fields[`label.${key}`] = value.slice(0, MAX_LABEL_LENGTH);
  return fields;
}

/** What never happened has the year one. */
function momentIn(state: unknown, key: string): string | null {
  const moment = text(record(state)[key]);
  return moment === '' || moment.startsWith('0001-') ? null : moment;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{12,64}$/.test(value);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
