/**
 * docs/desktop-security.md answers Electron's security checklist, item by item: no item may lack its test or its reason, and no
 * test that is named may be missing. And of what the checklist warns of, nothing stands in the source.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** The headings of electronjs.org/docs/latest/tutorial/security, by what tells each from the others. */
const asked = [
  /secure content/,
  /Node\.js integration/,
  /Context isolation/,
  /sandboxing/,
  /permission requests/,
  /webSecurity/,
  /Content-Security-Policy/,
  /allowRunningInsecureContent/,
  /experimental features/,
  /enableBlinkFeatures/,
  /allowpopups/,
  /webview options/,
  /navigation/,
  /new windows/,
  /shell\.openExternal/,
  /current version of Electron/,
  /sender of all IPC messages/,
  /file:\/\//,
  /fuses/,
  /Electron APIs/,
];

const rows = read('docs/desktop-security.md')
  .split('\n')
  .filter((line) => /^\| (\d+|[A-Z]) +\|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, item, question, answer, proof]) => ({
    item: item!,
    question: question!,
    answer: answer!,
    proof: proof!,
  }));

describe('the table', () => {
  it('has every item of the checklist, once and in order', () => {
    const numbered = rows.filter(({ item }) => /\d/.test(item));
    expect(numbered.map(({ item }) => Number(item))).toEqual(asked.map((_, index) => index + 1));
    for (const [index, { question }] of numbered.entries()) expect(question).toMatch(asked[index]!);
  });

  it.each(rows)('$item, $question: answered, with tests that there are or a reason', ({ answer, proof }) => {
    expect(answer.length).toBeGreaterThan(5);
    const parts = proof.split('<br>');
    const tests = parts.flatMap((part) => /^`([\w/-]+)` (.+)$/.exec(part)?.slice(1) ?? []);
    const reasons = parts.filter((part) => /^Reason: .{20,}/.test(part));
    expect(tests.length / 2 + reasons.length).toBe(parts.length);
    for (let at = 0; at < tests.length; at += 2) {
      const [file, title] = [tests[at]!, tests[at + 1]!];
      const source = read(`tests/${file}.test.ts`);
      expect([
        file,
        title,
        [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => source.includes(quoted)),
      ]).toEqual([file, title, true]);
    }
  });
});

describe('the source of the shell', () => {
  const files = globSync('electron/**/*.ts', { cwd: root });
  const code = files.map((file) => read(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')).join('\n');

  it('uses nothing of what the checklist warns of', () => {
    expect(files.length).toBeGreaterThan(15);
    const warned =
      /allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|allowpopups|nodeIntegrationIn|webviewTag: true|webSecurity: false|sandbox: false|contextIsolation: false|nodeIntegration: true|loadFile|file:\/\/|registerSchemesAsPrivileged|protocol\.handle|executeJavaScript|appendSwitch|ignore-certificate|setCertificateVerifyProc|certificate-error|@electron\/remote/;
    expect(warned.exec(code)?.[0]).toBeUndefined();
  });

  it('makes windows in one place', () => {
    expect(code.match(/new BrowserWindow\(/g)).toHaveLength(1);
    expect(code).not.toMatch(/new (WebContentsView|BrowserView)\(/);
  });

  it('turns on the sandbox before anything of the program runs', () => {
    const statements = read('electron/main.ts')
      .split('\n')
      .filter((line) => /^\w/.test(line));
    const first = statements.find((line) => !line.startsWith('import '));
    expect(first).toBe('app.enableSandbox();');
  });

  it('hands the page no object of Electron', () => {
    const preload = read('electron/preload.ts');
    expect(preload.match(/exposeInMainWorld\((.+)\)/g)).toEqual([
      'exposeInMainWorld(BRIDGE_KEY, { ...requests, on })',
    ]);
    // The first of what a listener is given is Electron's event, which leads to the sender: the page hears the second alone.
    expect(preload).toContain('(_event: IpcRendererEvent, told: unknown) => listener(told)');
  });

  it('pins one version of Electron, exactly', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as {
      devDependencies: Record<string, string>;
    };
    const installed = JSON.parse(read('node_modules/electron/package.json')) as { version: string };
    expect(devDependencies['electron']).toBe(installed.version);
  });
});
