/** The columns of the process table, and which of them there is room for. */
import type { ProcessSort } from './process-order.ts';

export interface ProcessColumn {
  key: ProcessSort | 'state' | 'history';
  isSortable: boolean;
  isNumber: boolean;
  /** Narrowest table that shows it, in CSS pixels: what is least missed goes first; a row's details still tell it. */
  minTableWidth: number;
}

const processColumns: readonly ProcessColumn[] = [
  { key: 'pid', isSortable: true, isNumber: true, minTableWidth: 520 },
  { key: 'name', isSortable: true, isNumber: false, minTableWidth: 0 },
  { key: 'user', isSortable: true, isNumber: false, minTableWidth: 760 },
  { key: 'state', isSortable: false, isNumber: false, minTableWidth: 760 },
  { key: 'cpu', isSortable: true, isNumber: true, minTableWidth: 0 },
  { key: 'history', isSortable: false, isNumber: false, minTableWidth: 520 },
  { key: 'memory', isSortable: true, isNumber: true, minTableWidth: 0 },
  { key: 'io', isSortable: true, isNumber: true, minTableWidth: 420 },
];

export function columnsFor(tableWidth: number): ProcessColumn[] {
  return processColumns.filter((column) => tableWidth >= column.minTableWidth);
}
