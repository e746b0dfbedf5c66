/** The share links of a hub: made, changed, paused and ended here; kept in `shares.json`; asked by the door who may come in. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type * as z from 'zod';
import {
  MAX_OPEN_SHARES,
  PREVIEW_MS,
  type Share,
  type ShareChange,
  type shareRequest,
} from '../../shared/schema/shares.ts';
import { isOfShare } from '../access/caller.ts';
import type { EndReason, Ender } from '../access/endings.ts';
import { hashesEqual, hashOf, newSecret } from '../access/secret.ts';
import type { ShareDoor, ShareGrant, Visitor } from '../access/share-door.ts';
import { hubItself, type Audit } from '../audit/audit.ts';
import { OpenShare, type KnownHosts } from './open-share.ts';
import { readShareFile, writeShareFile, type KeptShare } from './share-file.ts';
import {
  shareExpired,
  shareOver,
  sharePaused,
  shareRevoked,
  tooManyShares,
  unknownShare,
} from './share-problems.ts';
import type { Viewers } from './viewers.ts';

/** A share that is over is listed, and says so to those who have its link, for this long. */
const KEPT_WHEN_OVER_MS = 30 * 24 * 3_600_000;
/** Of those, the newest; links that were made and revoked by the thousand fill no file. */
const MAX_OVER = 256;
/** When a share was seen last is written this often at most. */
const SEEN_WITHIN_MS = 60_000;
/** Node's longest timer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const MAX_PREVIEWS = 16;
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

/** What a new share is made of, checked. */
export type NewShare = z.infer<typeof shareRequest>;

export class Shares implements ShareDoor, Disposable {
  readonly #parts: SharesParts;
  readonly #file: string;
  /** Oldest first. */
  readonly #shares = new Map<string, OpenShare>();
  /** Secrets of previews, by hash. */
  readonly #previews = new Map<string, { share: string; until: number }>();
  /** Tools that were recorded since the hub started, by share and address: one that polls comes and goes. */
  readonly #tools = new Set<string>();
  #expiryTimer: NodeJS.Timeout | null = null;
  #seenTimer: NodeJS.Timeout | null = null;
  #hostsChanged: NodeJS.Immediate | null = null;

  constructor(parts: SharesParts) {
    this.#parts = parts;
    this.#file = path.join(parts.dataDir, 'shares.json');
    for (const kept of readShareFile(this.#file, parts.report)) {
      this.#shares.set(kept.id, new OpenShare(kept, parts.registry));
    }
    this.#tidy();
    this.#watchExpiry();
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
  create({ label, by, scope, expiresInSeconds, maxViewers }: NewShare): { share: Share; secret: string } {
    const open = [...this.#shares.values()].filter(({ kept }) => !isOver(kept));
    if (open.length >= MAX_OPEN_SHARES) throw tooManyShares();
    const secret = newSecret();
    const now = Date.now();
    const kept: KeptShare = {
      id: newShareId(),
      secretHash: hashOf(secret),
      salt: randomBytes(16).toString('hex'),
      label,
      by,
      scope,
      createdAt: now,
      expiresAt: expiresInSeconds === null ? null : now + expiresInSeconds * 1000,
      isPaused: false,
      revokedAt: null,
      maxViewers,
      firstSeenAt: null,
      lastSeenAt: null,
    };
    const share = new OpenShare(kept, this.#parts.registry);
    this.#shares.set(kept.id, share);
    try {
      this.#save();
    } catch (error) {
      this.#shares.delete(kept.id);
      throw error;
    }
    this.#watchExpiry();
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
    this.#watchExpiry();
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
    const open = [...this.#shares.values()].filter(({ kept }) => !isOver(kept));
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
    const secret = newSecret();
    const expiresAt = Date.now() + PREVIEW_MS;
    this.#previews.set(hashOf(secret), { share: id, until: expiresAt });
    if (this.#previews.size > MAX_PREVIEWS) this.#previews.delete(this.#previews.keys().next().value!);
    return { secret, expiresAt };
  }

  /** Whose secret it is; null: nobody's. */
  kindOfSecret(id: string, secret: string): 'viewer' | 'preview' | null {
    const hash = hashOf(secret);
    if (this.isSecretOf(id, hash)) return 'viewer';
    const preview = this.#previews.get(hash);
    return preview?.share === id && Date.now() < preview.until ? 'preview' : null;
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
    if (this.#expiryTimer !== null) clearTimeout(this.#expiryTimer);
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
    for (const [hash, { share }] of this.#previews) if (share === id) this.#previews.delete(hash);
  }

  #end(id: string, reason: EndReason): void {
    this.#parts.endings.endWhere((credential) => isOfShare(credential, id), reason);
  }

  /** One timer for all: the next that ends. */
  #watchExpiry(): void {
    if (this.#expiryTimer !== null) clearTimeout(this.#expiryTimer);
    this.#expiryTimer = null;
    const ends = [...this.#shares.values()].flatMap(({ kept }) =>
      isOver(kept) || kept.expiresAt === null ? [] : [kept.expiresAt],
    );
    if (ends.length === 0) return;
    const wait = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.min(...ends) - Date.now()));
    const running = [...this.#shares.values()].filter(({ kept }) => !isOver(kept));
    this.#expiryTimer = setTimeout(() => {
      for (const { kept } of running.filter((share) => stateOf(share.kept) === 'expired')) {
        this.#close(kept.id, 'expired');
        this.#parts.audit.record({
          kind: 'share-expired',
          actor: hubItself,
          subject: { id: kept.id, name: kept.label },
        });
      }
      this.#watchExpiry();
    }, wait).unref();
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

function stateOf({ revokedAt, expiresAt, isPaused }: KeptShareState): Share['state'] {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt !== null && Date.now() >= expiresAt) return 'expired';
  return isPaused ? 'paused' : 'open';
}

type KeptShareState = Pick<KeptShare, 'revokedAt' | 'expiresAt' | 'isPaused'>;

function isOver(kept: KeptShareState): boolean {
  const state = stateOf(kept);
  return state === 'revoked' || state === 'expired';
}

/** Of one that is over: since when. */
function endOf({ revokedAt, expiresAt }: KeptShareState): number {
  return revokedAt ?? expiresAt ?? Infinity;
}

/** What `exactOptionalPropertyTypes` calls left out. */
function withoutUndefined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** 60 random bits; an id is no secret. */
function newShareId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz123456789';
  return Array.from(randomBytes(12), (byte) => alphabet[byte % alphabet.length]).join('');
}
