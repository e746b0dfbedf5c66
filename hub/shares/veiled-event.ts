/** An event about a host that is called otherwise: its id and name, what people have called it, and what on it is called after it. */
import type { StreamEvent, StreamEventOf } from '../../shared/events.ts';
import type { TextRedactor } from '../../shared/redaction/redact-text.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Recent } from '../../shared/schema/stream.ts';
import { slowSeriesOf } from '../../shared/slow-series.ts';
import type { HostVeil } from './host-veil.ts';

/** `clean`: what becomes of every other text of the share. */
/** What is wrong on the way to a host names other machines, which are no hosts of this hub. */
const SOME_TROUBLE = 'Something is wrong on the way from this host.';

export function veiledEvent(event: StreamEvent, veil: HostVeil, clean: TextRedactor): StreamEvent {
  switch (event.name) {
    case 'host':
      return veiledHost(event, veil, clean);
    case 'note': {
      const { hosts } = event.data;
      return { name: 'note', data: { ...event.data, hosts: hosts && hosts.map((id) => veil.shownId(id)) } };
    }
    case 'sample':
      return { name: 'sample', data: veiledSample(event.data, veil, clean) };
    case 'recent':
    case 'backfill':
      return { name: event.name, data: veiledColumns(event.data, veil, clean) };
    case 'pointer': {
      const { host, series } = event.data;
      const shown = { host: host && veil.shownId(host), series: series && seriesKey(series, clean) };
      return { name: 'pointer', data: { ...event.data, ...shown } };
    }
    default:
      if (!('host' in event.data) || event.data.host === null) return event;
      return { ...event, data: { ...event.data, host: veil.shownId(event.data.host) } } as StreamEvent;
  }
}

/** Groups and tags are names that people gave, often with a customer's in them. */
function veiledHost({ data }: StreamEventOf<'host'>, veil: HostVeil, clean: TextRedactor): StreamEvent {
  const shown = veil.shownId(data.id);
  const interfaces = data.inventory.interfaces.map((each) => ({
    ...each,
    interface: deviceName(each.interface, clean),
  }));
  const inventory = { ...data.inventory, interfaces };
  const uplink = data.uplink && { ...data.uplink, trouble: data.uplink.trouble && SOME_TROUBLE };
  return {
    name: 'host',
    data: { ...data, id: shown, name: shown, group: null, tags: [], inventory, uplink },
  };
}

/** Devices are often called after what they lead to: "wg-db-1". Their series are called after them. */
function veiledSample(sample: Sample, veil: HostVeil, clean: TextRedactor): Sample {
  return {
    ...sample,
    host: veil.shownId(sample.host),
    disks: sample.disks.map((each) => ({ ...each, device: deviceName(each.device, clean) })),
    interfaces: sample.interfaces.map((each) => ({ ...each, interface: deviceName(each.interface, clean) })),
  };
}

function veiledColumns(columns: Recent, veil: HostVeil, clean: TextRedactor): Recent {
  const series = Object.entries(columns.series).map(
    ([key, column]) => [seriesKey(key, clean), column] as const,
  );
  return { ...columns, host: veil.shownId(columns.host), series: Object.fromEntries(series) };
}

/**
 * "net.wg-db-1.receive": the device in the middle as it is called in the sample (shared/series.ts). Names of mounts and sensors have been
 * cleaned like all texts.
 */
function seriesKey(key: string, clean: TextRedactor): string {
  if (slowSeriesOf(key) !== null) return key;
  const [, kind, device, metric] = /^(\w+)\.(.+)\.(\w+)$/s.exec(key) ?? [];
  const shown = device === undefined ? clean(key) : `${kind}.${deviceName(device, clean)}.${metric}`;
  return shown.slice(0, 256);
}

function deviceName(name: string, clean: TextRedactor): string {
  return clean(name).slice(0, 64);
}
