/** A schema that suffers no field it does not name: an answer has what is documented, and nothing else. */
import * as z from 'zod/mini';

export function strict<Shape extends z.core.$ZodShape>(schema: z.ZodMiniObject<Shape>) {
  return z.strictObject(schema.shape);
}
