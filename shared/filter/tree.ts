/** A log filter, parsed: what `parseFilter` makes of the text a person types. */
import type { LogLevel } from '../log-level.ts';

/** `:` contains, or fits a pattern with `*` and `?`; `=` is the whole value, or fits a pattern. */
export const comparisons = [':', '=', '!=', '>=', '<=', '>', '<'] as const;
export type Comparison = (typeof comparisons)[number];

export interface TextNode {
  kind: 'text';
  /** Found anywhere in the line, whatever its case. */
  text: string;
}

export interface RegexNode {
  kind: 'regex';
  pattern: string;
  /** Of `i`, `m`, `s` and `u`. */
  flags: string;
}

export interface LevelNode {
  kind: 'level';
  comparison: Comparison;
  /** Null: lines without a level (`level=none`). */
  level: LogLevel | null;
}

export interface FieldNode {
  kind: 'field';
  /** `host` and `source` speak of the line itself, all others of its fields. */
  key: string;
  comparison: Comparison;
  value: string;
  /** Quoted: `*` and `?` in the value mean themselves. */
  isQuoted: boolean;
}

export type FilterNode =
  | TextNode
  | RegexNode
  | LevelNode
  | FieldNode
  | { kind: 'and'; nodes: FilterNode[] }
  | { kind: 'or'; nodes: FilterNode[] }
  | { kind: 'not'; node: FilterNode };

/** The filter that every line passes. */
export const everyLine: FilterNode = { kind: 'and', nodes: [] };

/** The expressions of a filter that may take long; each occurrence once, in the order written. */
export function regexesOf(node: FilterNode): RegexNode[] {
  return leavesOf(node, false).filter((leaf) => leaf.kind === 'regex');
}

/** What a line that passes was found by, to be marked in its text: all but what stands behind a minus. */
export function marksOf(node: FilterNode): (TextNode | RegexNode)[] {
  return leavesOf(node, true).filter((leaf) => leaf.kind === 'text' || leaf.kind === 'regex');
}

type LeafNode = TextNode | RegexNode | LevelNode | FieldNode;

function leavesOf(node: FilterNode, isPositiveOnly: boolean): LeafNode[] {
  if (node.kind === 'and' || node.kind === 'or') {
    return node.nodes.flatMap((inner) => leavesOf(inner, isPositiveOnly));
  }
  if (node.kind === 'not') return isPositiveOnly ? [] : leavesOf(node.node, isPositiveOnly);
  return [node];
}
