/**
 * Shares, who watches them, and pointers: loaded with the first of them, so that a hub that shares nothing pays nothing. What the door
 * and the streams must know at once is answered from here.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { StreamEvent } from '../../shared/events.ts';
import type { Ender, EndReason } from '../access/endings.ts';
import type { ShareDoor, ShareGrant, Visitor } from '../access/share-door.ts';
import type { Exchange } from '../http/exchange.ts';
import type { OpenedShares, SharingParts } from './open-shares.ts';

export class LazyShares implements ShareDoor, Ender, AsyncDisposable {
  readonly #parts: SharingParts;
  #opening: Promise<OpenedShares> | null = null;
  #opened: OpenedShares | null = null;

  constructor(parts: SharingParts) {
    this.#parts = parts;
  }

  /** Where links were handed out before, they open again. To be awaited before the hub listens. */
  async resume(): Promise<void> {
    if (existsSync(path.join(this.#parts.dataDir, 'shares.json'))) await this.#open();
  }

  grantOf(id: string): ShareGrant | null {
    return this.#opened?.shares.grantOf(id) ?? null;
  }

  isSecretOf(id: string, secretHash: string): boolean {
    return this.#opened?.shares.isSecretOf(id, secretHash) ?? false;
  }

  admit(id: string, visitor: Visitor): void {
    this.#opened?.shares.admit(id, visitor);
  }

  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    this.#opened?.viewers.endWhere(fits, reason);
  }

  /** A host has come or gone, or is called otherwise. */
  hostsChanged(): void {
    this.#opened?.shares.hostsChanged();
  }

  /** For a snapshot: who watches, and where somebody points. */
  get standing(): StreamEvent[] {
    return this.#opened === null ? [] : [...this.#opened.viewers.events, ...this.#opened.pointers.events];
  }

  async owner(
    exchange: Exchange,
    what: 'list' | 'create' | 'change' | 'revoke' | 'revokeAll' | 'preview',
  ): Promise<void> {
    await (await this.#open()).ownerEndpoint[what](exchange);
  }

  async viewer(exchange: Exchange, what: 'openSession' | 'takePresence' | 'point'): Promise<void> {
    await (await this.#open()).viewerEndpoint[what](exchange);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opening?.catch(() => null);
    opened?.shares[Symbol.dispose]();
    opened?.viewers[Symbol.dispose]();
  }

  /** One at a time; after a failure the next one tries again. */
  #open(): Promise<OpenedShares> {
    this.#opening ??= this.#load().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #load(): Promise<OpenedShares> {
    const { openShares } = await import('./open-shares.ts');
    this.#opened = openShares(this.#parts);
    return this.#opened;
  }
}
