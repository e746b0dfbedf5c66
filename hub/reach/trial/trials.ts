/**
 * The hub's half of the test of its address: a request that brings a trial's secret name has come to this very hub, and what it looks like
 * here tells what stands on the way.
 */
import type { Exchange } from '../../http/exchange.ts';
import { notFound } from '../../http/problem.ts';
import { newSecret } from '../../access/secret.ts';
import { plainAddress } from '../../http/host-names.ts';

/** A request as it came in. */
export interface Arrival {
  /** The other end of the connection: the client, or the nearest proxy. */
  peer: string;
  /** Who the client is, by what a trusted proxy says. */
  address: string;
  /** What the hub is called in it. */
  authority: string;
  isSecure: boolean;
  /** A proxy has written on behalf of whom it asks. */
  isForwarded: boolean;
}

export interface Trial extends Disposable {
  /** To be put behind the path of trials. */
  readonly name: string;
  /** Null: no request has come. */
  readonly arrival: Arrival | null;
  /** Sends the end of the answer, whose first event has arrived or not. */
  finish(): void;
}

interface OpenTrial {
  arrival: Arrival | null;
  finish: () => void;
}

export class Trials {
  readonly #open = new Map<string, OpenTrial>();

  begin(): Trial {
    const name = newSecret();
    const trial: OpenTrial = { arrival: null, finish: () => undefined };
    this.#open.set(name, trial);
    return {
      name,
      get arrival() {
        return trial.arrival;
      },
      finish: () => trial.finish(),
      [Symbol.dispose]: () => {
        this.#open.delete(name);
        trial.finish();
      },
    };
  }

  /** `GET /api/v1/reach/trials/:name`: the beginning of a stream, with the headers of one. It ends when the trial does. */
  answer(exchange: Exchange): void {
    const trial = this.#open.get(exchange.params['name'] ?? '');
    if (trial === undefined) throw notFound();
    const { request, response } = exchange;
    trial.arrival = {
      peer: plainAddress(request.socket.remoteAddress ?? ''),
      address: exchange.address,
      authority: exchange.authority,
      isSecure: exchange.isSecure,
      isForwarded:
        request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined,
    };
    trial.finish = () => void response.end();
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    response.write('event: trial\ndata: {}\n\n');
  }
}
