export const hubNodeFlags: readonly string[];
