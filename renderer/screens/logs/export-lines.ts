/** Lines as files and as clipboard text: what is exported is the model, never what happens to be on the screen. */
import { plainText } from '../../../shared/ansi-text.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import { visibleLines, visibleText } from '../../../shared/visible-text.ts';
import { saveFile } from '../../app/save-file.ts';
import { csvCell } from '../../format/csv.ts';

export const exportFormats = ['log', 'ndjson', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const mediaTypes: Record<ExportFormat, string> = {
  log: 'text/plain;charset=utf-8',
  ndjson: 'application/x-ndjson;charset=utf-8',
  csv: 'text/csv;charset=utf-8',
};

/** What a host is called, by its id. */
export type HostName = (host: string) => string;

export function exportLines(lines: readonly LogLine[], format: ExportFormat, hostName: HostName): string {
  if (format === 'csv')
    return [csvHead, ...lines.map((line) => csvLine(line, hostName))].join('\r\n') + '\r\n';
  const write = format === 'log' ? textLine : jsonLine;
  return lines.map((line) => write(line, hostName)).join('\n') + '\n';
}

/** `2026-11-20T14:03:12.345Z ERROR web-1 nginx: message`; escapes are made visible, so that pasting runs nothing. */
export function textLine({ time, level, host, source, text }: LogLine, hostName: HostName): string {
  const head = `${new Date(time).toISOString()} ${(level ?? '-').toUpperCase()}`;
  return `${head} ${visibleText(hostName(host))} ${visibleText(source)}: ${visibleText(plainText(text))}`;
}

/** The line as the hub sent it; beside them its time written out, and what its host is called. */
export function jsonLine(line: LogLine, hostName: HostName): string {
  return JSON.stringify({ ...line, at: new Date(line.time).toISOString(), hostName: hostName(line.host) });
}

const csvHead = 'time,level,host,source,message,fields';

/** Line ends stay: a cell can hold them. */
function csvLine({ time, level, host, source, text, fields }: LogLine, hostName: HostName): string {
  return [
    new Date(time).toISOString(),
    level ?? '',
    visibleText(hostName(host)),
    visibleText(source),
    visibleLines(plainText(text).replaceAll('\r\n', '\n')),
    fields === undefined ? '' : JSON.stringify(fields),
  ]
    .map(csvCell)
    .join(',');
}

/** Hands the file to the browser. */
export function downloadLines(lines: readonly LogLine[], format: ExportFormat, hostName: HostName): void {
  const content = new Blob([exportLines(lines, format, hostName)], { type: mediaTypes[format] });
  saveFile(content, `watchline-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${format}`);
}
