/** What a line says, without its time and its level: there is little room, and both are told beside it. */
import { plainText } from '../../../../shared/ansi-text.ts';
import type { LogLine } from '../../../../shared/schema/logs.ts';

/** Where loggers that write fields put their words. */
const messageFields = ['message', 'msg'];

const date = /\d{4}[-/]\d{2}[-/]\d{2}T?|[A-Z][a-z]{2} {1,2}\d{1,2}(?= \d)/;
const clock = /\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z| ?[+-]\d{2}:?\d{2}| UTC)?/;
/** In capitals: "error" may begin a sentence. */
const level = /(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|CRIT|PANIC)(?![\w-])/;
/** In brackets it may be written as anybody likes. */
const bracketed = /\[(?:\d+|trace|debug|info|notice|warn|warning|error|fatal|critical|crit|panic)\]/;
const head = new RegExp(
  `^(?:(?:${[bracketed, ...[date, clock, level].map((part) => new RegExp(`[[(]?(?:${part.source})[\\])]?`))]
    .map((part) => part.source)
    .join('|')})[:|,]?\\s*)+`,
);

/** All of it where nothing else would be left. */
export function newsWords({ text, fields }: Pick<LogLine, 'text' | 'fields'>): string {
  const message = messageFields
    .map((name) => fields?.[name])
    .find((value) => typeof value === 'string' && value.trim() !== '');
  const whole = plainText(typeof message === 'string' ? message : text);
  return whole.trimStart().replace(head, '') || whole;
}
