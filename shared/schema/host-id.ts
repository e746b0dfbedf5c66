/** What a host is called by in every record and address. */
import * as z from 'zod/mini';

/** 1-64 characters; stable across restarts of the agent. */
export const hostId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
