/** The last lines of `npm test`: what was skipped, by name and with its reason, and one line of counts. */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    // An error outside any test fails the run, and is a failure all the same.
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      // A file that could not be loaded has no tests to count, and is a failure all the same.
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        const kind = state === 'pending' ? 'skipped' : state;
        counts[kind] += 1;
        if (kind === 'skipped') skipped.push(`  ${describe(module, test)}\n`);
      }
    }
    // After the default reporter's own summary, which is written in the same turn.
    setImmediate(() => {
      if (skipped.length > 0) process.stdout.write(`\nSkipped:\n${skipped.join('')}`);
      process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    });
  }
}

function describe(module: TestModule, test: TestCase): string {
  const result = test.result();
  const reason = 'note' in result && result.note ? ` (${result.note})` : '';
  return `${module.relativeModuleId} > ${test.fullName}${reason}`;
}

// eslint-disable-next-line no-restricted-syntax -- vitest loads a reporter by its default export
export default SummaryReporter;
