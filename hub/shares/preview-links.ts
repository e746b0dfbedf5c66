/** Secrets for the owner's own look through a share: each opens its page for some minutes. In memory, as hashes alone. */
import { PREVIEW_MS } from '../../shared/share-terms.ts';
import { hashOf, newSecret } from '../access/secret.ts';

/** One more pushes the oldest out. */
const MAX_PREVIEWS = 16;

export class PreviewLinks {
  /** By hash. */
  readonly #open = new Map<string, { share: string; until: number }>();

  issue(share: string): { secret: string; expiresAt: number } {
    const secret = newSecret();
    const expiresAt = Date.now() + PREVIEW_MS;
    this.#open.set(hashOf(secret), { share, until: expiresAt });
    if (this.#open.size > MAX_PREVIEWS) this.#open.delete(this.#open.keys().next().value!);
    return { secret, expiresAt };
  }

  /** The look-up is by hash, so its time tells nothing about the secret. */
  opens(share: string, secretHash: string): boolean {
    const preview = this.#open.get(secretHash);
    return preview?.share === share && Date.now() < preview.until;
  }

  /** The share is over. */
  dropShare(share: string): void {
    for (const [hash, preview] of this.#open) if (preview.share === share) this.#open.delete(hash);
  }
}
