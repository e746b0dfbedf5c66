/** A process that keeps a core busy and holds memory, for tests that compare what is measured. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface MachineLoad extends AsyncDisposable {
  readonly pid: number;
}

/** Resolves once the memory is touched and the core is burning. */
export async function burnCoreAndHold(bytes: number): Promise<MachineLoad> {
  const script = `const held = Buffer.alloc(${bytes}, 1); console.log(held.length); for (;;);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
