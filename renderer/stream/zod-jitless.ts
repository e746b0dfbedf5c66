/**
 * Tells zod not to compile schemas: the page's content security policy forbids `new Function`. Schemas
 * read this when they are made, so import this file before any of them.
 */
import * as z from 'zod/mini';

z.config({ jitless: true });
