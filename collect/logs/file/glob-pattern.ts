/**
 * Globs of absolute paths: `*`, `?`, `[...]`, `{a,b}` and `**` (any number of folders). Names that
 * start with a dot match only where the glob says the dot. Compiled once: `path.matchesGlob` compiles
 * at every call, which a walk over /var/log would pay thousands of times.
 */
import path from 'node:path';

const MAGIC = /[*?[{]/;

export interface GlobPattern {
  readonly glob: string;
  /** The folder every match is under. */
  readonly base: string;
  /** Folders a match may lie below the base. */
  readonly depth: number;
  /** True where the glob is the path of one file. */
  readonly isLiteral: boolean;
  matches(file: string): boolean;
  /** Whether a folder of this name, which begins with a dot, is one that the glob says. */
  saysFolder(name: string): boolean;
}

/** Folders deeper than this below a glob's base are not searched. */
const MAX_DEPTH = 12;

/** @param base stands in for the glob's own fixed part, where that part leads through symbolic links. */
export function compileGlob(glob: string, base?: string): GlobPattern {
  const normal = withSlashes(glob);
  const fixed = fixedPart(normal);
  const rest = normal.slice(fixed.length);
  const root = base === undefined ? fixed : `${withSlashes(base).replace(/\/$/, '')}/`;
  const expression = new RegExp(`^${escapeText(root)}${source(rest)}$`, 'u');
  const dotted = rest
    .split('/')
    .slice(0, -1)
    .filter((segment) => segment.startsWith('.'));
  const folders = dotted.map((segment) => new RegExp(`^${source(segment)}$`, 'u'));
  return {
    glob,
    base: root === '/' ? '/' : root.slice(0, -1),
    depth: rest.includes('**') ? MAX_DEPTH : rest.split('/').length - 1,
    isLiteral: !MAGIC.test(normal),
    matches: (file) => expression.test(withSlashes(file)),
    saysFolder: (name) => folders.some((folder) => folder.test(name)),
  };
}

/** Up to and with the last slash before the first magic character. */
function fixedPart(glob: string): string {
  const magic = glob.search(MAGIC);
  return glob.slice(0, glob.lastIndexOf('/', magic === -1 ? glob.length : magic) + 1);
}

function source(glob: string): string {
  let out = '';
  let braces = 0;
  for (let i = 0; i < glob.length; i++) {
    const isSegmentStart = i === 0 || glob[i - 1] === '/';
    const character = glob[i]!;
    if (character === '*' && glob[i + 1] === '*') {
      const isFolders = glob[i + 2] === '/';
      out += isFolders ? '(?:[^/.][^/]*/)*' : '(?:[^/.][^/]*/)*(?!\\.)[^/]+';
      i += isFolders ? 2 : 1;
    } else if (character === '*') {
      out += isSegmentStart ? '(?!\\.)[^/]*' : '[^/]*';
    } else if (character === '?') {
      out += isSegmentStart ? '[^/.]' : '[^/]';
    } else if (character === '[') {
      const end = glob.indexOf(']', i + 2);
      if (end === -1) out += '\\[';
      else {
        out += characterClass(glob.slice(i + 1, end));
        i = end;
      }
    } else if (character === '{') {
      braces++;
      out += '(?:';
    } else if (character === '}' && braces > 0) {
      braces--;
      out += ')';
    } else if (character === ',' && braces > 0) {
      out += '|';
    } else {
      out += escapeText(character);
    }
  }
  return out + ')'.repeat(braces);
}

function characterClass(body: string): string {
  const isNegated = body.startsWith('!') || body.startsWith('^');
  const members = (isNegated ? body.slice(1) : body).replace(/[\\\][^&~|{}()/]/g, '\\$&');
  return `(?!/)[${isNegated ? '^' : ''}${members}]`;
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function withSlashes(file: string): string {
  return path.sep === '/' ? file : file.replaceAll(path.sep, '/');
}
