export const NODE_MAJOR: number;
export function isNewEnough(version: string): boolean;
export function packagedNodes(root: string, platform?: NodeJS.Platform, arch?: string): string[];
export function findNode(root: string): string | null;
export function missingNodeText(): string;
