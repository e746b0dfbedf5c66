/** The tsconfig of a room gives it only the globals it may use: shared neither Node's nor the DOM's, renderer no Node. */
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from './room-lint.ts';

const dom = 'export const title: string = document.title;';
const node = 'export const pid: number = process.pid;';
const buffer = "export const bytes = Buffer.from('');";
const nodeModule = "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;";
const plain = 'export const now: number = Date.now();';

describe('a room is refused', () => {
  it.each([
    ['shared', 'the DOM', dom, /Cannot find name 'document'/],
    ['shared', "Node's globals", node, /Cannot find name 'process'/],
    ['shared', "Node's Buffer", buffer, /Cannot find name 'Buffer'/],
    ['shared', "Node's modules", nodeModule, /Cannot find (module|name) 'node:fs'/],
    ['renderer', "Node's globals", node, /Cannot find name 'process'/],
    ['renderer', "Node's Buffer", buffer, /Cannot find name 'Buffer'/],
    ['renderer', "Node's modules", nodeModule, /Cannot find (module|name) 'node:fs'/],
    ['collect', 'the DOM', dom, /Cannot find name 'document'/],
    ['hub', 'the DOM', dom, /Cannot find name 'document'/],
    ['agent', 'the DOM', dom, /Cannot find name 'document'/],
    ['cli', 'the DOM', dom, /Cannot find name 'document'/],
  ])('%s: %s', (room, _what, source, message) => {
    expect(typeErrors(room, source).join('\n')).toMatch(message);
  });
});

describe('a room is given', () => {
  it.each([
    ['shared', 'the language', plain],
    ['renderer', 'the DOM', dom],
    ['collect', "Node's modules", nodeModule],
    ['hub', "Node's modules", nodeModule],
    ['electron', "Node's globals", node],
  ])('%s: %s', (room, _what, source) => {
    expect(typeErrors(room, source)).toEqual([]);
  });
});

/** Type-checks `source` as if it were a file of `room`, under that room's tsconfig. */
function typeErrors(room: string, source: string): string[] {
  const configPath = path.join(root, room, 'tsconfig.json');
  const { config } = ts.readConfigFile(configPath, (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, path.dirname(configPath));
  const probe = path.join(root, room, 'probe.ts');
  const host = ts.createCompilerHost({ ...options, composite: false });
  const readFile = host.getSourceFile.bind(host);
  host.fileExists = (file) => file === probe || ts.sys.fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === probe ? ts.createSourceFile(file, source, ts.ScriptTarget.ES2023) : readFile(file, ...rest);
  const program = ts.createProgram(
    [probe],
    { ...options, composite: false, noEmit: true, emitDeclarationOnly: false },
    host,
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
