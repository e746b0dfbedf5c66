/**
 * A filter as SQL over the blocks of a volume: which of them may hold a line that passes. It may name a block too many, and never one
 * too few; what the lines of a block mean, the one evaluator says (shared/filter/evaluate.ts), so that both give the same answer.
 */
import { levelRank, logLevels } from '../../../shared/log-level.ts';
import { isNumber } from '../../../shared/filter/parse.ts';
import type { FieldNode, FilterNode, LevelNode } from '../../../shared/filter/tree.ts';
import { codeOfLevel } from '../volume/block-head.ts';
import { hostTerm, isAscii, numberTerm, termsOfText } from '../volume/terms.ts';

/** A condition on `blocks`, and what its question marks stand for. */
export interface BlockCondition {
  sql: string;
  parameters: (string | number)[];
}

export const everyBlock: BlockCondition = { sql: '1', parameters: [] };
const noBlock: BlockCondition = { sql: '0', parameters: [] };

/** Bits of `1 << codeOfLevel`. */
const allLevels = (1 << (logLevels.length + 1)) - 1;

export function compileFilter(filter: FilterNode): BlockCondition {
  return conditionOf(filter, false);
}

/** Blocks with lines of one of these hosts. */
export function ofHosts(hosts: readonly string[]): BlockCondition {
  return hosts.length === 0 ? noBlock : matching(hosts.map(hostTerm).map(quoted).join(' OR '));
}

export function allOf(conditions: readonly BlockCondition[]): BlockCondition {
  return joined(conditions, 'AND', everyBlock);
}

function anyOf(conditions: readonly BlockCondition[]): BlockCondition {
  return joined(conditions, 'OR', noBlock);
}

function joined(
  conditions: readonly BlockCondition[],
  word: 'AND' | 'OR',
  ofNone: BlockCondition,
): BlockCondition {
  if (conditions.length === 0) return ofNone;
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(` ${word} `)})`,
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

/** `isNot`: lines that do not pass the node are looked for. That a block lacks a text says nothing of its other lines. */
function conditionOf(node: FilterNode, isNot: boolean): BlockCondition {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const conditions = node.nodes.map((inner) => conditionOf(inner, isNot));
      return (node.kind === 'and') === isNot ? anyOf(conditions) : allOf(conditions);
    }
    case 'not':
      return conditionOf(node.node, !isNot);
    case 'level':
      return withLevels(isNot ? allLevels & ~levelsOf(node) : levelsOf(node));
    case 'text':
      return isNot ? everyBlock : withText(node.text);
    case 'field':
      return isNot ? everyBlock : withField(node);
    case 'regex':
      return everyBlock;
  }
}

function withLevels(levels: number): BlockCondition {
  return { sql: '(levels & ?) <> 0', parameters: [levels] };
}

/** As `levelTest` of the evaluator says. */
function levelsOf({ comparison, level }: LevelNode): number {
  const own = 1 << codeOfLevel(level);
  if (comparison === ':' || comparison === '=') return own;
  if (comparison === '!=') return allLevels & ~own;
  if (level === null) return 0;
  const rank = levelRank(level);
  const isWithin = (other: number) =>
    comparison === '>'
      ? other > rank
      : comparison === '>='
        ? other >= rank
        : comparison === '<'
          ? other < rank
          : other <= rank;
  return logLevels.reduce(
    (bits, other) => (isWithin(levelRank(other)) ? bits | (1 << codeOfLevel(other)) : bits),
    0,
  );
}

function withText(text: string): BlockCondition {
  const terms = termsOfText(text);
  return terms.length === 0 ? everyBlock : matching(terms.map(quoted).join(' AND '));
}

/** Either a field has the value, which the index knows as it knows texts, or the term stands in a text as it was typed. */
function withField({ key, comparison, value, isQuoted }: FieldNode): BlockCondition {
  if (key === 'host' || key === 'source') return everyBlock;
  if (comparison !== ':' && comparison !== '=') return everyBlock;
  // As the evaluator reads it: with a pattern in it, pieces of the value would have to be looked for.
  if (!isQuoted && /[*?]/.test(value)) return everyBlock;
  const asTyped = withText(`${key}=${isQuoted ? `"${value}"` : value}`);
  if (comparison === ':') return withText(value);
  if (isNumber(value)) return anyOf([matching(quoted(numberTerm(Number(value)))), asTyped]);
  if (isQuoted || isAscii(value)) return withText(value);
  return anyOf([withText(value.toLowerCase()), asTyped]);
}

function matching(expression: string): BlockCondition {
  return { sql: 'id IN (SELECT rowid FROM terms WHERE terms MATCH ?)', parameters: [expression] };
}

function quoted(term: string): string {
  return `"${term}"`;
}
