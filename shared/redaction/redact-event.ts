/** Takes secrets and addresses out of what is observed: log lines, command lines, and the names that machines give to things. */
import type { StreamEvent } from '../events.ts';
import { cleanedKey } from '../slow-series.ts';
import type { Host } from '../schema/host.ts';
import type { LogFieldValue, LogLine, LogSource } from '../schema/logs.ts';
import type { Note } from '../schema/notes.ts';
import type { Processes } from '../schema/processes.ts';
import type { Recent } from '../schema/stream.ts';
import { isSecretName, marks } from './patterns.ts';
import type { TextRedactor } from './redact-text.ts';

/** Never null: nothing is left out as a whole. */
export type EventRedactor = (event: StreamEvent) => StreamEvent;

/** `clean` runs over every text; `hidesSecrets`: fields whose name says that they are secret are left out as a whole. */
export function eventRedactor(clean: TextRedactor, hidesSecrets: boolean): EventRedactor {
  return (event) => {
    switch (event.name) {
      case 'log':
        return { name: 'log', data: redactLine(event.data, clean, hidesSecrets) };
      case 'host':
        return { name: 'host', data: redactHost(event.data, clean) };
      case 'pointer': {
        const { by, series } = event.data;
        const shown = { by: clean(by).slice(0, 64), series: series && cleanedKey(series, clean) };
        return { name: 'pointer', data: { ...event.data, ...shown } };
      }
      case 'recent':
      case 'backfill':
        return { name: event.name, data: redactColumns(event.data, clean) };
      case 'source':
        return { name: 'source', data: redactSource(event.data, clean) };
      case 'processes':
        return { name: 'processes', data: redactProcesses(event.data, clean) };
      case 'note':
        return { name: 'note', data: redactNote(event.data, clean) };
      case 'alert': {
        const { subject } = event.data;
        return { name: 'alert', data: { ...event.data, subject: subject && clean(subject).slice(0, 4096) } };
      }
      case 'filesystems': {
        const mounts = event.data.mounts.map((each) => ({
          ...each,
          mount: clean(each.mount),
          device: clean(each.device),
        }));
        return { name: 'filesystems', data: { ...event.data, mounts } };
      }
      case 'sensors': {
        const temperatures = event.data.temperatures.map((each) => ({ ...each, label: clean(each.label) }));
        const fans = event.data.fans.map((each) => ({ ...each, label: clean(each.label) }));
        return { name: 'sensors', data: { ...event.data, temperatures, fans } };
      }
      default:
        return event;
    }
  };
}

/** Mounts and labels of sensors are in the keys of their series. */
function redactColumns(columns: Recent, clean: TextRedactor): Recent {
  const series = Object.entries(columns.series).flatMap(([key, column]) => {
    const shown = cleanedKey(key, clean);
    return shown === null ? [] : [[shown, column] as const];
  });
  return { ...columns, series: Object.fromEntries(series) };
}

/** What a machine says of itself in words; whether it is alive is no text. */
function redactHost(host: Host, clean: TextRedactor): Host {
  const { os, kernel, cpuModel } = host.inventory;
  const trouble = host.uplink?.trouble;
  return {
    ...host,
    name: clean(host.name).slice(0, 255),
    inventory: {
      ...host.inventory,
      os: clean(os).slice(0, 256),
      kernel: clean(kernel).slice(0, 256),
      cpuModel: cpuModel && clean(cpuModel).slice(0, 256),
    },
    ...(trouble != null && { uplink: { ...host.uplink!, trouble: clean(trouble).slice(0, 1024) } }),
  };
}

function redactLine(line: LogLine, clean: TextRedactor, hidesSecrets: boolean): LogLine {
  const fields = line.fields && redactFields(line.fields, clean, hidesSecrets);
  return {
    ...line,
    source: clean(line.source).slice(0, 255),
    text: clean(line.text),
    ...(fields !== undefined && { fields }),
  };
}

function redactFields(
  fields: Record<string, LogFieldValue>,
  clean: TextRedactor,
  hidesSecrets: boolean,
): Record<string, LogFieldValue> {
  const cleaned = Object.entries(fields).map(([key, value]): [string, LogFieldValue] => {
    const shownKey = clean(key);
    if (hidesSecrets && value !== null && isSecretName(key)) return [shownKey, marks.secrets];
    return [shownKey, typeof value === 'string' ? clean(value) : value];
  });
  return Object.fromEntries(cleaned);
}

function redactSource(source: LogSource, clean: TextRedactor): LogSource {
  return {
    ...source,
    id: clean(source.id).slice(0, 4096),
    label: clean(source.label).slice(0, 255),
    reason: source.reason && clean(source.reason).slice(0, 1024),
  };
}

/** What was taken out may be longer than what stands for it: limits of the schema are kept. */
function redactProcesses(processes: Processes, clean: TextRedactor): Processes {
  const rows = processes.rows.map((row) => ({
    ...row,
    name: clean(row.name).slice(0, 256),
    command: clean(row.command).slice(0, 1024),
    user: clean(row.user).slice(0, 256),
  }));
  return { ...processes, rows };
}

function redactNote(note: Note, clean: TextRedactor): Note {
  return {
    ...note,
    title: note.title && clean(note.title).slice(0, 200),
    text: note.text && clean(note.text).slice(0, 2000),
    author: clean(note.author).slice(0, 64),
    tags: note.tags.map((tag) => clean(tag).slice(0, 64)),
    // An address with a piece cut out leads nowhere.
    link: note.link !== null && clean(note.link) === note.link ? note.link : null,
  };
}
