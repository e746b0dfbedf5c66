/**
 * Which lines belong to the line before them: the stack traces of the languages that servers are written in, one table with an example
 * each; the examples are the test. A line is looked at once, by its first characters.
 */

export interface TraceFormat {
  name: string;
  /** All lines of one event, as they are written. */
  example: readonly string[];
  /** A line that belongs to the one before it, whatever that was. */
  begins: (text: string) => boolean;
  /** Once it has begun: further lines. Where it is left out, `begins` tells those too. */
  goesOn?: (text: string) => boolean;
}

const exceptionName = /^(?:[A-Za-z_$][\w$]*[.:]{1,2})+[\w$]*(?:Exception|Error|Throwable|Failure)\b/;
const frame = /^[ \t]+at \S/;
const moreFrames =
  /^[ \t]*(?:\.\.\. \d+ (?:more|common frames omitted)|(?:Caused by|Suppressed|Wrapped by): )/;
const innerFrames = /^[ \t]+--- End of |^ ?---> /;
const rubyFrame = /^[ \t]+(?:\d+: )?from \S+:\d+:in /;
const phpFrame = /^(?:PHP )?Stack trace:$|^#\d+ [\w/{[]|^PHP +\d+\. |^ {2}thrown in /;
const goFrame = /^\t\S+:\d+|^[\w./*$[\]·{}()~%-]+\(.*\)$|^created by |^exit status \d+$/;
const rustFrame = /^ +\d+: |^ +at |^note: /;
const elixirFrame = /^ {4}\(\S+ [\w.+-]+\) \S+:\d+: /;
const pythonChain = /^(?:During handling of the above exception|The above exception was the direct cause of)/;

export const traceFormats: readonly TraceFormat[] = [
  {
    name: 'Java, Kotlin, Scala',
    example: [
      '2026-01-02 03:04:05,678 ERROR [main] org.example.Main - it broke',
      'java.lang.IllegalStateException: no connection',
      '\tat org.example.Pool.take(Pool.java:12)',
      '\tat org.example.Main.main(Main.java:7)',
      'Caused by: java.net.ConnectException: refused',
      '\t... 2 more',
    ],
    begins: (text) => frame.test(text) || moreFrames.test(text) || exceptionName.test(text),
  },
  {
    name: '.NET',
    example: [
      'Unhandled exception. System.InvalidOperationException: it broke',
      ' ---> System.IO.IOException: no space',
      '   at Example.Store.Write() in /src/Store.cs:line 12',
      '   --- End of inner exception stack trace ---',
      '   at Example.Program.Main(String[] args) in /src/Program.cs:line 7',
    ],
    begins: (text) => innerFrames.test(text),
    goesOn: (text) => innerFrames.test(text) || frame.test(text),
  },
  {
    name: 'JavaScript',
    example: [
      "Error: ENOENT: no such file or directory, open '/etc/app.yaml'",
      '    at Object.openSync (node:fs:573:18)',
      '    at main (file:///srv/app/main.mjs:7:3) {',
      '  errno: -2,',
      "  code: 'ENOENT'",
      '}',
    ],
    begins: (text) => frame.test(text) && text.endsWith(' {'),
    goesOn: (text) => text === '}' || text.startsWith('  '),
  },
  {
    name: 'Python',
    example: [
      'ERROR:worker:it broke',
      'Traceback (most recent call last):',
      '  File "/srv/app/main.py", line 7, in main',
      '    take()',
      '    ^^^^^^',
      'KeyError: 7',
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      'Traceback (most recent call last):',
      '  File "/srv/app/main.py", line 9, in <module>',
      'ValueError: no connection',
    ],
    begins: (text) => text.startsWith('Traceback (most recent') || pythonChain.test(text),
    goesOn: (text) => text.startsWith('  '),
  },
  {
    name: 'Go',
    example: [
      'panic: runtime error: index out of range [7] with length 3',
      '',
      'goroutine 1 [running]:',
      'main.take(...)',
      '\t/srv/app/main.go:12',
      'main.main()',
      '\t/srv/app/main.go:7 +0x1d',
      'exit status 2',
    ],
    begins: (text) => /^goroutine \d+ \[[^\]]*\]:$|^\[signal SIG/.test(text),
    goesOn: (text) => goFrame.test(text) || text.startsWith('goroutine '),
  },
  {
    name: 'Ruby',
    example: [
      "main.rb:12:in `take': no connection (RuntimeError)",
      "\tfrom main.rb:7:in `block in main'",
      "\tfrom main.rb:3:in `<main>'",
    ],
    begins: (text) => rubyFrame.test(text),
  },
  {
    name: 'PHP',
    example: [
      'PHP Fatal error:  Uncaught Exception: it broke in /srv/app/index.php:12',
      'Stack trace:',
      '#0 /srv/app/index.php(7): take()',
      '#1 {main}',
      '  thrown in /srv/app/index.php on line 12',
    ],
    begins: (text) => phpFrame.test(text),
  },
  {
    name: 'Rust',
    example: [
      "thread 'main' panicked at src/main.rs:2:5:",
      'no connection',
      'stack backtrace:',
      '   0: rust_begin_unwind',
      '             at /rustc/9fc6b431/library/std/src/panicking.rs:652:5',
      '   1: app::main',
      'note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.',
    ],
    begins: (text) => text === 'stack backtrace:',
    goesOn: (text) => rustFrame.test(text),
  },
  {
    name: 'Elixir',
    example: [
      '03:04:05.678 [error] GenServer App.Pool terminating',
      '    (app 0.1.0) lib/app/pool.ex:12: App.Pool.take/1',
      '    (stdlib 5.2) gen_server.erl:1077: :gen_server.try_handle_call/4',
    ],
    begins: (text) => elixirFrame.test(text),
  },
];

/** The one that a line, standing after another one, begins; null for nearly all lines. */
export function traceBegunBy(text: string): TraceFormat | null {
  if (!mayBegin(text)) return null;
  // The more special ones first: what ends with a brace is a frame as well.
  return traceFormats.findLast(({ begins }) => begins(text)) ?? null;
}

/** Most lines start with none of these and are through after one look. */
function mayBegin(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first === 9 || first === 32) return true;
  // A time, as most lines begin with, is none of it.
  if (first >= 48 && first <= 57) return false;
  return first === 35 || first === 91 || isWord(first);
}

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 46 || code === 95;
}

/** True where a trace may follow, though nothing of the kind has come yet. */
export function mayHaveTrace(text: string): boolean {
  return /Error|Exception|Traceback|panic|Uncaught|rror:|exception/.test(text);
}

/** Ends a Python traceback: the exception itself, not indented. */
export function isExceptionOf(format: TraceFormat, text: string): boolean {
  return format.name === 'Python' && /^[A-Za-z_][\w.]*(?::|$)/.test(text);
}

/** The line after the head of a Rust panic is its message, whatever it says. */
export function isMessageAfter(head: string): boolean {
  return head.endsWith(':') && head.includes(' panicked at ');
}
