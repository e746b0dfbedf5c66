/** Other tools: the exporters this hub asks and the places it writes to, put together. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type {
  ExporterEntry,
  ExporterRequest,
  RemoteWriteEntry,
  RemoteWriteRequest,
} from '../../shared/schema/interop.ts';
import type { Keyring } from '../access/keyring.ts';
import type { Audit } from '../audit/audit.ts';
import type { HistoryReader } from '../history/store/history-reader.ts';
import type { HostRegistry } from '../hosts/host-registry.ts';
import type { KeptLabelFile } from '../hosts/kept-label-file.ts';
import { TargetGuard } from '../upstreams/target-guard.ts';
import { Exporter } from './exporters/exporter.ts';
import { exporterKind, exporterList, type KeptExporter } from './exporters/kept-exporter.ts';
import { remoteWriteKind, remoteWriteList, type KeptRemoteWrite } from './remote-write/kept-remote-write.ts';
import { RemoteWriter } from './remote-write/remote-writer.ts';
import { TargetEndpoint } from './target-endpoint.ts';
import { TargetList } from './target-list.ts';
import type { TargetParts } from './target.ts';

export interface InteropOptions {
  dataDir: string;
  registry: HostRegistry;
  labels: Pick<KeptLabelFile, 'of'>;
  /** Whether an agent was paired under this id, though it may not have sent anything yet. */
  isAgent: (host: string) => boolean;
  /** Null: none is kept. */
  history: () => HistoryReader | null;
  allowedTargets: readonly string[];
  keyring: Keyring;
  audit: Audit;
  upstreamRetryMs: number;
  upstreamRefusedRetryMs: number;
  remoteWriteMs: number;
  report: (trouble: Error) => void;
}

export class Interop implements AsyncDisposable {
  readonly exporters: TargetEndpoint<ExporterRequest, KeptExporter, ExporterEntry>;
  readonly remoteWrites: TargetEndpoint<RemoteWriteRequest, KeptRemoteWrite, RemoteWriteEntry>;
  readonly #opened = new AsyncDisposableStack();

  /** Throws what making a folder throws. */
  constructor(options: InteropOptions) {
    const { audit } = options;
    const guard = new TargetGuard(options);
    const parts = {
      ...options,
      guard,
      retryMs: options.upstreamRetryMs,
      refusedRetryMs: options.upstreamRefusedRetryMs,
    };
    const exporters = this.#opened.use(exportersOf(options, parts));
    const remoteWrites = this.#opened.use(remoteWritesOf(options, parts));
    this.exporters = new TargetEndpoint({ kind: exporterKind, targets: exporters, guard, audit });
    this.remoteWrites = new TargetEndpoint({ kind: remoteWriteKind, targets: remoteWrites, guard, audit });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

function exportersOf(options: InteropOptions, parts: TargetParts): TargetList<KeptExporter, ExporterEntry> {
  const { dataDir, registry, labels, isAgent, keyring, report } = options;
  const list = new TargetList<KeptExporter, ExporterEntry>({
    list: exporterList(dataDir),
    keyring,
    report,
    open: (kept) =>
      new Exporter({
        ...parts,
        kept,
        registry,
        labels,
        isClaimed: isAgent,
        learn: (described) => list.learn({ ...kept, described }),
      }),
  });
  return list;
}

function remoteWritesOf(
  options: InteropOptions,
  parts: TargetParts,
): TargetList<KeptRemoteWrite, RemoteWriteEntry> {
  const { dataDir, registry, history, keyring, report, remoteWriteMs } = options;
  const folder = path.join(dataDir, 'remote-writes');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const startedAt = Date.now();
  return new TargetList<KeptRemoteWrite, RemoteWriteEntry>({
    list: remoteWriteList(dataDir),
    keyring,
    report,
    open: (kept) =>
      new RemoteWriter({
        ...parts,
        kept,
        file: path.join(folder, `${kept.id}.json`),
        registry,
        history,
        startedAt,
        passMs: remoteWriteMs,
      }),
  });
}
