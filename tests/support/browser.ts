/** Whether there is a Chromium for the tests that open the page. */
import { findChromium } from '../../scripts/launch/find-chromium.ts';

/** For `describe.skipIf`: tests that need a browser are skipped by name where there is none. */
export const hasNoBrowser = findChromium() === null;
