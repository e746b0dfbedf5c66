/** What zod says of a value that does not fit, in English: zod/mini knows no language unless it is told one. Read by who shows it. */
import * as z from 'zod/mini';

z.config(z.locales.en());
