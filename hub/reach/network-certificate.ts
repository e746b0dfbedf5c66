/** The certificate of "This network": issued by the hub's own authority, or the owner's files. Imported only where there is TLS. */
import { X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import { WatchlineError } from '../../shared/errors.ts';
import type { ReachSettings } from '../../shared/schema/reach.ts';
import { isName } from '../tls/kept-pair.ts';
import { openOwnPair } from '../tls/own-pair.ts';
import { readTlsPair, type TlsPair } from '../tls/tls-pair.ts';
import { machineNames } from './machine-names.ts';

export interface ShownCertificate {
  pair: TlsPair;
  names: readonly string[];
  /** What this machine is called besides, and the certificate is not for. */
  leftOut: readonly string[];
  /** Epoch milliseconds. */
  expires: number;
}

export interface CertificateOptions {
  dataDir: string;
  /** Names the owner gave the hub. */
  furtherNames: readonly string[];
  report: (trouble: Error) => void;
}

/** Reads it anew, and makes what is missing. Throws a `WatchlineError` `certificate-unusable`, or what writing files throws. */
export function certificateFor(
  { certificate, files }: Pick<ReachSettings, 'certificate' | 'files'>,
  { dataDir, furtherNames, report }: CertificateOptions,
): ShownCertificate {
  if (certificate === 'files') return ofFiles(files);
  const { names, addresses } = machineNames();
  const all = [...names, 'localhost', ...addresses, '127.0.0.1', '::1', ...furtherNames.map(asName)];
  return openOwnPair({ dataDir, names: all.filter(isName), machine: hostname(), report });
}

/** As certificates hold it: an address without its brackets. */
function asName(name: string): string {
  return name.toLowerCase().replace(/^\[|\]$/g, '');
}

function ofFiles(files: ReachSettings['files']): ShownCertificate {
  if (files === null)
    throw unusable(
      'No certificate was named for "This network".',
      'Name the files of a certificate and its key.',
    );
  let pair: TlsPair;
  try {
    pair = readTlsPair(files.certificate, files.key);
  } catch (cause) {
    throw unusable(
      (cause as Error).message,
      'Mend or name other PEM files that this user can read, or let the hub make a certificate itself.',
      cause,
    );
  }
  const leaf = new X509Certificate(pair.certificate);
  const names = (leaf.subjectAltName ?? '').split(', ').map((name) => name.replace(/^(DNS|IP Address):/, ''));
  return { pair, names, leftOut: [], expires: leaf.validToDate.getTime() };
}

function unusable(message: string, remedy: string, cause?: unknown): WatchlineError {
  return new WatchlineError('certificate-unusable', message, { remedy, cause });
}
