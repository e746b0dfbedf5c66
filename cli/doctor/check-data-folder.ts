/** The folder for what is kept between starts, and the room left on its disk. */
import { statfs } from 'node:fs/promises';
import type { Config } from '../../hub/config/config.ts';
import { DataFolderError, openDataFolder } from '../../hub/data-folder.ts';
import { bytes } from '../tail/units.ts';
import { fail, ok, warn, type Finding } from './check.ts';

const LITTLE_BYTES = 100 * 1024 * 1024;

export async function checkDataFolder({ hub: { dataDir } }: Config): Promise<Finding[]> {
  try {
    openDataFolder(dataDir);
  } catch (error) {
    if (!(error instanceof DataFolderError)) throw error;
    return [fail(error.message, error.remedy!)];
  }
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  if (free >= LITTLE_BYTES) return [ok(`data folder ${dataDir}, ${bytes(free)} free`)];
  return [
    warn(`data folder ${dataDir} has only ${bytes(free)} free`, 'Free some space; until then less is kept.'),
  ];
}
