/** A share to be read from across a room: without tenths, which only flicker there. */
import { formatCount, isKnown, unknownQuantity, type Quantity } from '../format/number.ts';

export function wholePercent(value: number | null | undefined): Quantity {
  return isKnown(value) ? { number: formatCount(value), unit: '%' } : unknownQuantity;
}
