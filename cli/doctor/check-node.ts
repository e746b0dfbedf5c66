/** The Node that runs this. */
import { NODE_MAJOR } from '../launcher/find-node.mjs';
import { fail, ok, type Finding } from './check.ts';

export async function checkNode(): Promise<Finding[]> {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= NODE_MAJOR) return [ok(`Node ${node}`)];
  return [fail(`Node ${node} is too old`, `Install Node ${NODE_MAJOR} or newer from https://nodejs.org.`)];
}
