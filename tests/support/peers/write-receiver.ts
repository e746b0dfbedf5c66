/** Takes remote writes as a test tells it to, and reads them as the specification says. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { PbfReader } from 'pbf';
import { listening, type Listening } from './listening.ts';
import { readSnappy } from './read-snappy.ts';

export interface ReceivedSeries {
  /** In the order they came in. */
  labels: [name: string, value: string][];
  samples: [time: number, value: number][];
}

export interface WriteReceiver extends Listening {
  /** What it answers; 204 takes it. Default 204 for all. */
  judge: (series: readonly ReceivedSeries[]) => { status: number; body?: string; retryAfter?: string };
  /** Of what was taken, in the order it came. */
  readonly series: ReceivedSeries[];
  /** Of every request, oldest first. */
  readonly requests: { headers: IncomingHttpHeaders; status: number; series: ReceivedSeries[] }[];
  /** Values taken of a series by name and host, in the order they came. */
  valuesOf(name: string, host: string, labels?: Record<string, string>): [time: number, value: number][];
}

export async function startWriteReceiver(): Promise<WriteReceiver> {
  const requests: WriteReceiver['requests'] = [];
  const taken: ReceivedSeries[] = [];
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const series = readWrite(Buffer.concat(chunks));
      const { status, body = '', retryAfter } = receiver.judge(series);
      requests.push({ headers: request.headers, status, series });
      if (status < 300) taken.push(...series);
      answer.writeHead(status, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }).end(body);
    });
  });
  const receiver: WriteReceiver = Object.assign(await listening(server), {
    judge: () => ({ status: 204 }),
    series: taken,
    requests,
    valuesOf: (name: string, host: string, labels: Record<string, string> = {}) => {
      const wanted = Object.entries({ ...labels, __name__: name, host });
      const own = taken.filter((one) => {
        const has = new Map(one.labels);
        return wanted.every(([label, value]) => has.get(label) === value);
      });
      return own.flatMap(({ samples }) => samples);
    },
  });
  return receiver;
}

/** Field numbers are those of `prompb/remote.proto` and `prompb/types.proto`. */
export function readWrite(bytes: Uint8Array): ReceivedSeries[] {
  return new PbfReader(readSnappy(bytes)).readFields<ReceivedSeries[]>((tag, all, reader) => {
    if (tag === 1) all.push(reader.readMessage(readSeries, { labels: [], samples: [] }));
  }, []);
}

function readSeries(tag: number, series: ReceivedSeries, reader: PbfReader): void {
  if (tag === 1) series.labels.push(reader.readMessage(readLabel, ['', '']));
  else if (tag === 2) series.samples.push(reader.readMessage(readSample, [0, 0]));
}

function readLabel(tag: number, label: [string, string], reader: PbfReader): void {
  label[tag - 1] = reader.readString();
}

function readSample(tag: number, sample: [number, number], reader: PbfReader): void {
  if (tag === 1) sample[1] = reader.readDouble();
  else if (tag === 2) sample[0] = reader.readVarint(true);
}
