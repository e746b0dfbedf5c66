/**
 * Reads Prometheus' text exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): of the families that are
 * wanted their rows, of all others nothing but the name. Why not a library: ADR 0084.
 */

export interface ExpositionRow {
  labels: ReadonlyMap<string, string>;
  /** May be NaN or infinite. */
  value: number;
}

export type ExpositionRows = ReadonlyMap<string, readonly ExpositionRow[]>;

/** A row of a real exporter has some ten labels, and some hundred characters. */
const MAX_LABELS = 64;
const MAX_ROW_LENGTH = 16 * 1024;

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const BRACE = /[ \t]*\{/y;
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\\n]|\\.)*)"[ \t]*(,?)/y;
const VALUE = /^[ \t]+(\S+)(?:[ \t]+-?\d+)?\s*$/;

/** By name of the sample. Lines that cannot be read are left out: one of them says nothing about the others. */
export function expositionRows(text: string, isWanted: (name: string) => boolean): ExpositionRows {
  const rows = new Map<string, ExpositionRow[]>();
  let end = 0;
  for (let start = 0; start < text.length; start = end + 1) {
    end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    NAME.lastIndex = start;
    const name = NAME.exec(text)?.[0];
    if (name === undefined || end - start > MAX_ROW_LENGTH || !isWanted(name)) continue;
    const row = rowOf(text.slice(start + name.length, end));
    if (row === null) continue;
    const others = rows.get(name);
    if (others) others.push(row);
    else rows.set(name, [row]);
  }
  return rows;
}

/** `rest`: what follows the name. */
function rowOf(rest: string): ExpositionRow | null {
  const labels = new Map<string, string>();
  BRACE.lastIndex = 0;
  const at = BRACE.test(rest) ? labelsAt(rest, BRACE.lastIndex, labels) : 0;
  if (at < 0) return null;
  const text = VALUE.exec(at === 0 ? rest : rest.slice(at))?.[1];
  const value = text === undefined ? null : numberOf(text);
  return value === null ? null : { labels, value };
}

/** The place after the brace that closes them; -1: there is none. */
function labelsAt(rest: string, start: number, labels: Map<string, string>): number {
  let at = start;
  while (labels.size <= MAX_LABELS) {
    LABEL.lastIndex = at;
    const match = LABEL.exec(rest);
    if (match === null) break;
    labels.set(match[1]!, unescaped(match[2]!));
    at = LABEL.lastIndex;
    if (match[3] === '') break;
  }
  while (rest[at] === ' ' || rest[at] === '\t') at++;
  return rest[at] === '}' ? at + 1 : -1;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** As Go writes numbers; null: it is none. */
function numberOf(text: string): number | null {
  if (text === 'NaN') return NaN;
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  const value = Number(text);
  return Number.isNaN(value) ? null : value;
}
