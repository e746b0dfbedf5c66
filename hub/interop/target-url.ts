/** What people paste as the address of a target. */
import { ProblemError } from '../http/problem.ts';

export interface AddressWords {
  /** "an exporter". */
  what: string;
  example: string;
}

/** `text` with its scheme. Throws a `ProblemError` that says what is wrong with it. */
function parseTargetUrl(text: string, { what, example }: AddressWords): URL {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw badUrl(
      `${JSON.stringify(text.slice(0, 200))} is no address of ${what}.`,
      `Give one like ${example}.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw badUrl(
      'The address holds a user name or password, which would be shown with it.',
      'Leave out the part before "@", and give user and password beside the address.',
    );
  }
  url.hash = '';
  return url;
}

/** A node_exporter answers at /metrics, mostly by plain HTTP: "web-1:9100" is enough. */
export function parseExporterUrl(text: string): URL {
  const words = { what: 'an exporter', example: 'http://web-1.example:9100/metrics' };
  const url = parseTargetUrl(text.includes('://') ? text : `http://${text}`, words);
  if (url.pathname === '/') url.pathname = '/metrics';
  return url;
}

/** Where remote write is taken differs, so the path has to be given. */
export function parseWriteUrl(text: string): URL {
  const words = { what: 'a place to write to', example: 'https://metrics.example/api/v1/write' };
  const url = parseTargetUrl(text, words);
  if (url.pathname !== '/') return url;
  throw badUrl(
    'The address has no path, and samples are not taken at "/".',
    'Prometheus and VictoriaMetrics take them at /api/v1/write, Mimir at /api/v1/push.',
  );
}

function badUrl(message: string, remedy: string): ProblemError {
  return new ProblemError(400, 'bad-target-url', message, { remedy });
}
