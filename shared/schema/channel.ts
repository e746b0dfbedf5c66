/** A part of the stream that a reader may ask for. */
import * as z from 'zod/mini';
import { channels } from '../event-rules.ts';

export const channel = z.enum(channels);
