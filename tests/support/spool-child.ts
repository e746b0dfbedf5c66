/** The program of spool-killed.test.ts: appends numbered records to a spool as fast as asked, and says when each was appended. */
import { writeSync } from 'node:fs';
import { openSpool, type SpoolOptions } from '../../agent/spool/spool.ts';

const [dir = '', run = '', everyMs = '1', options = '{}'] = process.argv.slice(2);
const spool = await openSpool({ dir, run, host: 'web-1', ...(JSON.parse(options) as Partial<SpoolOptions>) });
let number = 0;
setInterval(() => {
  number++;
  spool.append('log', { number, filling: 'x'.repeat((number * 37) % 900) });
  // Not through a stream: it is in the pipe when this returns.
  writeSync(1, `${number} ${process.hrtime.bigint() / 1_000_000n}\n`);
}, Number(everyMs));
writeSync(1, 'ready\n');
