/** Runs before each file of browser tests: what its cases share ends with it. */
import { afterAll } from 'vitest';
import { closeSharedBrowser } from './browser.ts';

afterAll(closeSharedBrowser);
