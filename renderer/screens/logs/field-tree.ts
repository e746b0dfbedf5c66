/** The fields of a line as a tree: keys were joined by dots on the way here, and are taken apart again to be shown. */
import type { LogFieldValue } from '../../../shared/schema/logs.ts';

export interface FieldLeaf {
  /** The last part of the key. */
  name: string;
  /** The whole key, as a filter names it. */
  key: string;
  value: LogFieldValue;
}

export interface FieldBranch {
  name: string;
  leaves: FieldLeaf[];
  branches: FieldBranch[];
}

/** One level of branches: `http.request.method` is `method` under `http.request`. In the order of the line. */
export function fieldTree(fields: Readonly<Record<string, LogFieldValue>>): FieldBranch {
  const root: FieldBranch = { name: '', leaves: [], branches: [] };
  const byName = new Map<string, FieldBranch>();
  for (const [key, value] of Object.entries(fields)) {
    const dot = key.lastIndexOf('.');
    const isNested = dot > 0 && dot < key.length - 1;
    const branch = isNested ? branchOf(root, byName, key.slice(0, dot)) : root;
    branch.leaves.push({ name: isNested ? key.slice(dot + 1) : key, key, value });
  }
  return root;
}

function branchOf(root: FieldBranch, byName: Map<string, FieldBranch>, name: string): FieldBranch {
  let branch = byName.get(name);
  if (branch === undefined) {
    branch = { name, leaves: [], branches: [] };
    byName.set(name, branch);
    root.branches.push(branch);
  }
  return branch;
}
