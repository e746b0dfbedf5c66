/** Every mechanism of every table: what is switched off one by one, and what the tests of the tables look through. */
import { alertMechanisms } from './alert-mechanisms.ts';
import { archiveMechanisms } from './archive-mechanisms.ts';
import { attackMechanisms } from './attack-mechanisms.ts';
import { bundleMechanisms } from './bundle-mechanisms.ts';
import { doorMechanisms } from './door-mechanisms.ts';
import { historyMechanisms } from './history-mechanisms.ts';
import { intakeMechanisms } from './intake-mechanisms.ts';
import { interopMechanisms } from './interop-mechanisms.ts';
import type { Mechanism } from './mechanism.ts';
import { pageMechanisms } from './page-mechanisms.ts';
import { reachMechanisms } from './reach-mechanisms.ts';
import { readerMechanisms } from './reader-mechanisms.ts';
import { shareMechanisms } from './share-mechanisms.ts';
import { sightMechanisms } from './sight-mechanisms.ts';
import { spoolMechanisms } from './spool-mechanisms.ts';
import { storeMechanisms } from './store-mechanisms.ts';
import { streamMechanisms } from './stream-mechanisms.ts';
import { tailerMechanisms } from './tailer-mechanisms.ts';
import { travelMechanisms } from './travel-mechanisms.ts';
import { uplinkMechanisms } from './uplink-mechanisms.ts';

/** Of the stream itself: promises 1 to 13. */
export const mechanismsOfTheStream: readonly Mechanism[] = [
  ...streamMechanisms,
  ...readerMechanisms,
  ...pageMechanisms,
];

export const allMechanisms: readonly Mechanism[] = [
  ...mechanismsOfTheStream,
  ...doorMechanisms,
  ...sightMechanisms,
  ...shareMechanisms,
  ...reachMechanisms,
  ...attackMechanisms,
  ...archiveMechanisms,
  ...uplinkMechanisms,
  ...intakeMechanisms,
  ...spoolMechanisms,
  ...tailerMechanisms,
  ...historyMechanisms,
  ...storeMechanisms,
  ...interopMechanisms,
  ...bundleMechanisms,
  ...travelMechanisms,
  ...alertMechanisms,
];
