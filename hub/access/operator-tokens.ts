/** Operator tokens: named keys for scripts, each with its scopes, kept in `tokens.json` by hash. */
import path from 'node:path';
import {
  MAX_OPERATOR_TOKENS,
  operatorScopes,
  type OperatorScope,
  type TokenEntry,
} from '../../shared/schema/access.ts';
import type { KeptToken } from '../../shared/schema/kept-tokens.ts';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { hashOf, newSecret } from './secret.ts';
import { readTokenFile } from './token-file.ts';

/** So that a token found somewhere, by people or by scanners, says what it is. */
const PREFIX = 'wlo_';

export interface NewToken {
  name: string;
  scopes: readonly OperatorScope[];
  /** Epoch milliseconds; null: until it is revoked. */
  expiresAt: number | null;
}

interface Token extends KeptToken {
  lastSeenAt: number | null;
  lastAddress: string | null;
}

export class OperatorTokens {
  readonly #file: string;
  readonly #byHash = new Map<string, Token>();

  /** A damaged file is set aside, and `report` is told. */
  constructor(dataDir: string, report: (trouble: Error) => void) {
    this.#file = path.join(dataDir, 'tokens.json');
    for (const kept of readTokenFile(this.#file, report)) this.#take(kept);
  }

  /** Newest first. */
  get entries(): TokenEntry[] {
    return [...this.#byHash.values()].reverse().map(entryOf);
  }

  /** Of an expired one as well. The look-up is by hash, so its time tells nothing about the secret. `address` is noted as its last. */
  find(tokenHash: string, address: string): Readonly<KeptToken> | null {
    const token = this.#byHash.get(tokenHash);
    if (!token) return null;
    token.lastSeenAt = Date.now();
    token.lastAddress = address;
    return token;
  }

  get isFull(): boolean {
    return this.#byHash.size >= MAX_OPERATOR_TOKENS;
  }

  /** Returns the token, told this once. Throws what writing the file throws; then nothing has changed. */
  create({ name, scopes, expiresAt }: NewToken): { token: string; entry: TokenEntry } {
    const token = PREFIX + newSecret();
    const tokenHash = hashOf(token);
    const inOrder = operatorScopes.filter((scope) => scopes.includes(scope));
    const kept = {
      id: tokenHash.slice(0, 12),
      name,
      scopes: inOrder,
      tokenHash,
      createdAt: Date.now(),
      expiresAt,
    };
    this.#take(kept);
    try {
      this.#save();
    } catch (error) {
      this.#byHash.delete(tokenHash);
      throw error;
    }
    return { token, entry: entryOf(this.#byHash.get(tokenHash)!) };
  }

  /**
   * It opens nothing from this moment. Null: there is no such token. Throws what writing the file throws: then it is revoked until the hub
   * ends, and the next write tries again.
   */
  revoke(id: string): TokenEntry | null {
    const token = [...this.#byHash.values()].find((candidate) => candidate.id === id);
    if (!token) return null;
    this.#byHash.delete(token.tokenHash);
    this.#save();
    return entryOf(token);
  }

  #take(kept: KeptToken): void {
    this.#byHash.set(kept.tokenHash, { ...kept, lastSeenAt: null, lastAddress: null });
  }

  #save(): void {
    const tokens = [...this.#byHash.values()].map(({ lastSeenAt: _, lastAddress: __, ...kept }) => kept);
    writeFileAtomically(this.#file, `${JSON.stringify({ tokens }, null, 2)}\n`);
  }
}

function entryOf({ tokenHash: _, ...entry }: Token): TokenEntry {
  return { ...entry, scopes: [...entry.scopes] };
}
