/** The share links of a hub: made, changed, paused and ended here; kept in `shares.json`; asked by the door who may come in. */
import path from 'node:path';
import type { KeptShare } from '../../shared/schema/kept-shares.ts';
import { MAX_OPEN_SHARES } from '../../shared/share-terms.ts';
import type { NewShare, Share, ShareChange } from '../../shared/schema/shares.ts';
import { isOfShare } from '../access/caller.ts';
import type { EndReason, Ender } from '../access/endings.ts';
import { hashesEqual, hashOf } from '../access/secret.ts';
import type { ShareDoor, ShareGrant, Visitor } from '../access/share-door.ts';
import { hubItself, type Audit } from '../audit/audit.ts';
import { newShare } from './new-share.ts';
import { NextEnd } from './next-end.ts';
import { OpenShare, type KnownHosts } from './open-share.ts';
import { PreviewLinks } from './preview-links.ts';
import { readShareFile, writeShareFile } from './share-file.ts';
import {
  shareExpired,
  shareOver,
  sharePaused,
  shareRevoked,
  tooManyShares,
  unknownShare,
} from './share-problems.ts';
import { endOf, isOver, stateOf } from './share-state.ts';
import type { Viewers } from './viewers.ts';

/** A share that is over is listed, and says so to those who have its link, for this long. */
const KEPT_WHEN_OVER_MS = 30 * 24 * 3_600_000;
/** Of those, the newest; links that were made and revoked by the thousand fill no file. */
const MAX_OVER = 256;
/** When a share was seen last is written this often at most. */
const SEEN_WITHIN_MS = 60_000;
/** Addresses of tools recorded in one run of the hub. */
const MAX_TOOLS = 1024;

export interface SharesParts {
  dataDir: string;
  registry: KnownHosts;
  viewers: Viewers;
  endings: Ender;
  audit: Audit;
  /** A share is forgotten: its sessions go too. */
  onForgotten: (share: string) => void;
  report: (trouble: Error) => void;
}

export class Shares implements ShareDoor, Disposable {
  readonly #parts: SharesParts;
  readonly #file: string;
  /** Oldest first. */
  readonly #shares = new Map<string, OpenShare>();
  readonly #previews = new PreviewLinks();
  /** Tools that were recorded since the hub started, by share and address: one that polls comes and goes. */
  readonly #tools = new Set<string>();
  readonly #nextEnd = new NextEnd(() => this.#endExpired());
  /** Ids of those that have not been seen to be over. */
  readonly #running = new Set<string>();
  #seenTimer: NodeJS.Timeout | null = null;
  #hostsChanged: NodeJS.Immediate | null = null;

  constructor(parts: SharesParts) {
    this.#parts = parts;
    this.#file = path.join(parts.dataDir, 'shares.json');
    for (const kept of readShareFile(this.#file, parts.report)) {
      this.#shares.set(kept.id, new OpenShare(kept, parts.registry));
    }
    this.#tidy();
    this.#watchEnds();
  }

  /** As the owner sees them, newest first. */
  get all(): Share[] {
    this.#tidy();
    return Array.from(this.#shares.values(), ({ kept }) => this.#shown(kept)).reverse();
  }

  shareOf(id: string): Share {
    return this.#shown(this.#find(id).kept);
  }

  /** The secret is told this once. Throws what writing the file throws; then there is no such share. */
  create(wanted: NewShare): { share: Share; secret: string } {
    if (this.#open.length >= MAX_OPEN_SHARES) throw tooManyShares();
    const { kept, secret } = newShare(wanted);
    const share = new OpenShare(kept, this.#parts.registry);
    this.#shares.set(kept.id, share);
    try {
      this.#save();
    } catch (error) {
      this.#shares.delete(kept.id);
      throw error;
    }
    this.#watchEnds();
    return { share: this.#shown(kept), secret };
  }

  /** Throws what writing the file throws; then nothing has changed. */
  change(id: string, { expiresInSeconds, ...change }: ShareChange): Share {
    const share = this.#findOpen(id);
    const before = share.kept;
    const expiresAt =
      expiresInSeconds === undefined
        ? before.expiresAt
        : expiresInSeconds === null
          ? null
          : Date.now() + expiresInSeconds * 1000;
    const kept: KeptShare = { ...before, ...withoutUndefined(change), expiresAt };
    this.#replace(share, kept);
    this.#watchEnds();
    // Who watches comes back at once: to another end, or to hear that it is paused.
    this.#end(id, 'rotate');
    if (kept.isPaused) this.#parts.viewers.dropShare(id);
    return this.#shown(kept);
  }

  /** From this moment its link opens nothing. Throws what writing the file throws: then it is revoked until the hub ends. */
  revoke(id: string): Share {
    const share = this.#findOpen(id);
    const kept = { ...share.kept, revokedAt: Date.now() };
    share.replace(kept);
    this.#close(id, 'revoked');
    this.#save();
    return this.#shown(kept);
  }

  /** All that are open. Throws as `revoke`. */
  revokeAll(): Share[] {
    const open = this.#open;
    const revokedAt = Date.now();
    for (const share of open) {
      share.replace({ ...share.kept, revokedAt });
      this.#close(share.kept.id, 'revoked');
    }
    if (open.length > 0) this.#save();
    return open.map(({ kept }) => this.#shown(kept));
  }

  /** A secret for the owner's own look: it opens the page for a while, and who comes with it counts as no viewer. */
  preview(id: string): { secret: string; expiresAt: number } {
    this.#findOpen(id);
    return this.#previews.issue(id);
  }

  /** Whose secret it is; null: nobody's. */
  kindOfSecret(id: string, secret: string): 'viewer' | 'preview' | null {
    const hash = hashOf(secret);
    if (this.isSecretOf(id, hash)) return 'viewer';
    return this.#previews.opens(id, hash) ? 'preview' : null;
  }

  isSecretOf(id: string, secretHash: string): boolean {
    const kept = this.#shares.get(id)?.kept;
    // Compared also where there is none: both answers take the same time.
    return hashesEqual(secretHash, kept?.secretHash ?? hashOf('')) && kept !== undefined;
  }

  grantOf(id: string): ShareGrant | null {
    const share = this.#shares.get(id);
    if (!share) return null;
    const { revokedAt, isPaused } = share.kept;
    if (revokedAt !== null) throw shareRevoked();
    if (isOver(share.kept)) throw shareExpired();
    if (isPaused) throw sharePaused();
    return share.grant;
  }

  admit(id: string, visitor: Visitor): void {
    const share = this.#shares.get(id);
    // The owner's own look counts as nobody's.
    if (!share || visitor.session?.isPreview) return;
    const isNew = this.#parts.viewers.admit(id, share.kept.maxViewers, visitor);
    if (isNew && visitor.session === null) this.#recordTool(share.kept, visitor.address);
    const now = Date.now();
    share.noteSeen(now);
    this.#seenTimer ??= setTimeout(() => this.#saveSeen(), SEEN_WITHIN_MS).unref();
  }

  /** A host has come or gone, or has another name or group: shares by group may show others now. */
  hostsChanged(): void {
    this.#hostsChanged ??= setImmediate(() => {
      this.#hostsChanged = null;
      for (const share of this.#shares.values()) {
        if (!isOver(share.kept) && share.refreshHosts()) this.#end(share.kept.id, 'rotate');
      }
    });
  }

  [Symbol.dispose](): void {
    this.#nextEnd[Symbol.dispose]();
    if (this.#hostsChanged !== null) clearImmediate(this.#hostsChanged);
    if (this.#seenTimer !== null) this.#saveSeen();
  }

  #recordTool({ id, label }: KeptShare, address: string): void {
    const tool = `${id} ${address}`;
    if (this.#tools.has(tool) || this.#tools.size >= MAX_TOOLS) return;
    this.#tools.add(tool);
    this.#parts.audit.record({
      kind: 'share-opened',
      actor: { role: 'viewer', name: null, address },
      subject: { id, name: label },
      details: { by: 'token' },
    });
  }

  #find(id: string): OpenShare {
    const share = this.#shares.get(id);
    if (share) return share;
    throw unknownShare();
  }

  #findOpen(id: string): OpenShare {
    const share = this.#find(id);
    if (isOver(share.kept)) throw shareOver();
    return share;
  }

  #shown({ secretHash: _secret, salt: _salt, ...kept }: KeptShare): Share {
    return { ...kept, state: stateOf(kept), viewers: this.#parts.viewers.countOf(kept.id) };
  }

  #replace(share: OpenShare, kept: KeptShare): void {
    const before = share.kept;
    share.replace(kept);
    try {
      this.#save();
    } catch (error) {
      share.replace(before);
      throw error;
    }
  }

  #close(id: string, reason: EndReason): void {
    this.#end(id, reason);
    this.#previews.dropShare(id);
  }

  #end(id: string, reason: EndReason): void {
    this.#parts.endings.endWhere((credential) => isOfShare(credential, id), reason);
  }

  get #open(): OpenShare[] {
    return [...this.#shares.values()].filter(({ kept }) => !isOver(kept));
  }

  #watchEnds(): void {
    const open = this.#open;
    for (const { kept } of open) this.#running.add(kept.id);
    this.#nextEnd.set(open.flatMap(({ kept }) => kept.expiresAt ?? []));
  }

  #endExpired(): void {
    for (const id of this.#running) {
      const kept = this.#shares.get(id)?.kept;
      if (kept && !isOver(kept)) continue;
      this.#running.delete(id);
      if (!kept || stateOf(kept) !== 'expired') continue;
      this.#close(id, 'expired');
      const subject = { id, name: kept.label };
      this.#parts.audit.record({ kind: 'share-expired', actor: hubItself, subject });
    }
    this.#watchEnds();
  }

  /** Forgets what is over for long. */
  #tidy(): void {
    const over = [...this.#shares.values()].filter(({ kept }) => isOver(kept));
    const oldest = Date.now() - KEPT_WHEN_OVER_MS;
    for (const [place, { kept }] of over.entries()) {
      if (endOf(kept) >= oldest && place >= over.length - MAX_OVER) continue;
      this.#shares.delete(kept.id);
      this.#parts.onForgotten(kept.id);
    }
  }

  #saveSeen(): void {
    if (this.#seenTimer !== null) clearTimeout(this.#seenTimer);
    this.#seenTimer = null;
    try {
      this.#save();
    } catch (error) {
      this.#parts.report(error as Error);
    }
  }

  #save(): void {
    writeShareFile(
      this.#file,
      Array.from(this.#shares.values(), ({ kept }) => kept),
    );
  }
}

/** What `exactOptionalPropertyTypes` calls left out. */
function withoutUndefined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
