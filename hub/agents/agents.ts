/** The agents that were paired with this hub: whose token is whose, kept in `agents.json` by hash, so that a restart loses nobody. */
import path from 'node:path';
import { newSecret, hashOf } from '../access/secret.ts';
import type { PairedAgent, RevokedAgent } from '../../shared/schema/kept-hosts.ts';
import { readAgentFile, writeAgentFile } from './agent-file.ts';

/** As many as the registry takes hosts. */
const MAX_AGENTS = 1024;
/** Revoked tokens remembered; one more pushes the oldest out, whose agent then hears that its token is not known. */
const MAX_REVOKED = 4096;

/** What a token's hash says. */
export interface AgentStanding {
  host: string;
  isRevoked: boolean;
}

export interface NewAgent {
  host: string;
  /** What the machine calls itself. */
  name: string;
  version: string;
}

export class Agents {
  readonly #file: string;
  readonly #byHash = new Map<string, PairedAgent>();
  readonly #byHost = new Map<string, PairedAgent>();
  /** By hash; oldest first. */
  readonly #revoked = new Map<string, RevokedAgent>();
  readonly #listeners = new Set<(host: string) => void>();

  /** A damaged file is set aside, and `report` is told. */
  constructor(dataDir: string, report: (trouble: Error) => void) {
    this.#file = path.join(dataDir, 'agents.json');
    const { agents, revoked } = readAgentFile(this.#file, report);
    for (const agent of agents.slice(-MAX_AGENTS)) this.#take(agent);
    for (const entry of revoked.slice(-MAX_REVOKED)) this.#revoked.set(entry.tokenHash, entry);
  }

  /** In the order they were paired. */
  get paired(): Iterable<PairedAgent> {
    return this.#byHost.values();
  }

  get isFull(): boolean {
    return this.#byHost.size >= MAX_AGENTS;
  }

  /** Whose token has this hash; null: nobody's. The look-up is by hash, so its time tells nothing about the secret. */
  find(tokenHash: string): AgentStanding | null {
    const agent = this.#byHash.get(tokenHash);
    if (agent) return { host: agent.host, isRevoked: false };
    const revoked = this.#revoked.get(tokenHash);
    return revoked ? { host: revoked.host, isRevoked: true } : null;
  }

  agentOf(host: string): PairedAgent | null {
    return this.#byHost.get(host) ?? null;
  }

  has(host: string): boolean {
    return this.#byHost.has(host);
  }

  /**
   * Returns the token, told this once. An earlier agent of this host is replaced: its token counts as revoked.
   * Throws what writing the file throws; then nothing has changed.
   */
  pair({ host, name, version }: NewAgent): string {
    const token = newSecret();
    const earlier = this.#byHost.get(host);
    const agent: PairedAgent = { host, name, version, tokenHash: hashOf(token), pairedAt: Date.now() };
    this.#take(agent);
    try {
      this.#save();
    } catch (error) {
      this.#byHash.delete(agent.tokenHash);
      this.#byHost.delete(host);
      if (earlier) this.#take(earlier);
      if (earlier) this.#revoked.delete(earlier.tokenHash);
      throw error;
    }
    if (earlier) this.#tell(host);
    return token;
  }

  /**
   * Its token opens nothing from this moment. False: no agent of this host is paired. Throws what writing the file throws: then
   * it is revoked until the hub ends, and the next write tries again.
   */
  revoke(host: string): boolean {
    const agent = this.#byHost.get(host);
    if (!agent) return false;
    this.#drop(agent);
    this.#tell(host);
    this.#save();
    return true;
  }

  /** `listener` hears the host whose token was revoked, or replaced, at once: what is open with it must be closed within a second. */
  onRevoked(listener: (host: string) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Of two agents with one host only the later one's token is valid. */
  #take(agent: PairedAgent): void {
    const earlier = this.#byHost.get(agent.host);
    if (earlier) this.#drop(earlier);
    this.#byHash.set(agent.tokenHash, agent);
    this.#byHost.set(agent.host, agent);
  }

  #drop(agent: PairedAgent): void {
    this.#byHash.delete(agent.tokenHash);
    this.#byHost.delete(agent.host);
    this.#revoked.set(agent.tokenHash, { host: agent.host, tokenHash: agent.tokenHash });
    if (this.#revoked.size > MAX_REVOKED) this.#revoked.delete(this.#revoked.keys().next().value!);
  }

  #tell(host: string): void {
    for (const listener of this.#listeners) listener(host);
  }

  #save(): void {
    writeAgentFile(this.#file, { agents: [...this.#byHost.values()], revoked: [...this.#revoked.values()] });
  }
}
