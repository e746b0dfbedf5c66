/** Whether digits are the number of a payment card: length, first digits and check digit. */

/** By the beginnings that the networks have: ISO/IEC 7812. */
const beginnings = /^(?:4|5[1-5]|2[2-7]|3[47]|3[068]|6(?:011|[45]))/;

/** Spaces and hyphens do not count. */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  return digits.length >= 14 && digits.length <= 19 && beginnings.test(digits) && hasCheckDigit(digits);
}

/** Luhn's formula (ISO/IEC 7812-1, annex B): from the right, every second digit doubled. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighed = place % 2 === 0 ? digit : 2 * digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
