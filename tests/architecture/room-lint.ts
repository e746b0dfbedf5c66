/**
 * The repository's own lint config, run without types: it answers for files that do not exist, in a fraction of
 * a second, and ignores every `eslint-disable`, so a wall cannot be switched off from inside.
 */
import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

export const root = path.resolve(import.meta.dirname, '../..');

export function createRoomLint(): ESLint {
  return new ESLint({
    cwd: root,
    allowInlineConfig: false,
    // `npm run lint` looks at the others.
    ruleFilter: ({ ruleId }) => ruleId.startsWith('boundaries/'),
    overrideConfig: [
      tseslint.configs.disableTypeChecked,
      {
        languageOptions: {
          // With CI=true the parser would make a program per file by itself, which files that do not exist have none of.
          parserOptions: { projectService: false, disallowAutomaticSingleRunInference: true },
        },
      },
    ],
  });
}

/** The walls that `source` would break as the text of `file`, and any error of parsing; empty where it may stand. */
export async function brokenWalls(lint: ESLint, file: string, source: string): Promise<string[]> {
  const results = await lint.lintText(source, { filePath: path.join(root, file) });
  return results.flatMap(wallsOf);
}

export function wallsOf(result: ESLint.LintResult): string[] {
  return result.messages
    .filter(({ ruleId }) => ruleId === null || ruleId.startsWith('boundaries/'))
    .map(({ line, message }) => `${path.relative(root, result.filePath)}:${line} ${message}`);
}
