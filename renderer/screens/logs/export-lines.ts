/** Lines as files and as clipboard text: what is exported is the model, never what happens to be on the screen. */
import { plainText } from '../../../shared/ansi-text.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import { visibleText } from '../../../shared/visible-text.ts';
import { saveFile } from '../../app/save-file.ts';
import { csvCell } from '../../format/csv.ts';

export const exportFormats = ['log', 'ndjson', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const mediaTypes: Record<ExportFormat, string> = {
  log: 'text/plain;charset=utf-8',
  ndjson: 'application/x-ndjson;charset=utf-8',
  csv: 'text/csv;charset=utf-8',
};

export function exportLines(lines: readonly LogLine[], format: ExportFormat): string {
  if (format === 'csv') return [csvHead, ...lines.map(csvLine)].join('\r\n') + '\r\n';
  return lines.map(format === 'log' ? textLine : jsonLine).join('\n') + '\n';
}

/** `2026-11-20T14:03:12.345Z ERROR web-1 nginx: message`; escapes are made visible, so that pasting runs nothing. */
export function textLine(line: LogLine): string {
  const level = (line.level ?? '-').toUpperCase();
  const message = visibleText(plainText(line.text));
  return `${new Date(line.time).toISOString()} ${level} ${line.host} ${visibleText(line.source)}: ${message}`;
}

/** The line as the hub sent it, its time written out beside the number. */
export function jsonLine(line: LogLine): string {
  return JSON.stringify({ ...line, at: new Date(line.time).toISOString() });
}

const csvHead = 'time,level,host,source,message,fields';

function csvLine(line: LogLine): string {
  const fields = line.fields === undefined ? '' : JSON.stringify(line.fields);
  return [new Date(line.time).toISOString(), line.level ?? '', line.host, line.source, line.text, fields]
    .map(csvCell)
    .join(',');
}

/** Hands the file to the browser. */
export function downloadLines(lines: readonly LogLine[], format: ExportFormat): void {
  const content = new Blob([exportLines(lines, format)], { type: mediaTypes[format] });
  saveFile(content, `watchline-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${format}`);
}
