import type { Bench, Row } from '../bench.js';
import { type Description, figure } from '../figure.js';
import { interleaved } from '../interleaved.js';
import { Awaited, atRate, OPEN_CONNECTIONS } from '../load/at-rate.js';
import { withConnections } from '../load/pool.js';
import { messages } from '../load/requests.js';
import { Turnstile } from '../load/turnstile.js';
import type { LoadSocket } from '../load/web-socket.js';
import { bareSockets, widgetSockets } from '../load/widgets.js';
import { quantile } from '../statistics.js';

const SOCKETS = 1000;
const PER_SECOND = 500;

/** From the moment a visitor's message is handed to the network until the widget of its session has it. */
export const commitToWidget: Row = {
  name: 'commit-to-widget',
  title: `message to widget, ${SOCKETS} sockets, ${PER_SECOND}/s`,
  async measure(bench) {
    const echo = await echoes(bench);
    const told = await tellings(bench);
    await echo.round();
    await told.round();
    const rounds = await interleaved(bench.settings.runs, echo.round, told.round);
    for (const socket of [...echo.sockets, ...told.sockets]) socket.close();
    const line = (share: number, name: string, more: Partial<Description>) =>
      figure(
        {
          name: `${this.name}/${name}`,
          title: `${this.title}: ${name}`,
          unit: 'ms',
          better: 'less',
          against: 'a bare ws echo',
          ...more,
        },
        {
          floor: rounds.floor.map((times) => quantile(times, share)),
          ours: rounds.ours.map((times) => quantile(times, share)),
        },
      );
    return [line(0.5, 'p50', {}), line(0.99, 'p99', { target: { ratio: 2 }, elsewhere: { value: 0.77 } })];
  },
};

interface Crowd {
  readonly sockets: readonly LoadSocket[];
  /** The milliseconds that each text took to its socket. */
  readonly round: () => Promise<number[]>;
}

/** The floor: a text to a bare server, and back on the same socket. */
async function echoes(bench: Bench): Promise<Crowd> {
  const server = await bench.start({ subject: 'sockets' });
  const sockets = await bareSockets(server.port, SOCKETS);
  const text = 'x'.repeat(300);
  const round = async () => {
    const heard = new Hearing(sockets);
    await atRate(PER_SECOND, bench.settings.ms, (sentAt) => {
      const place = heard.expectSomewhere(sentAt);
      sockets[place]?.send(text);
    });
    return heard.all();
  };
  return { sockets, round };
}

/** Ours: `POST /message`, and its frame on the session's socket. */
async function tellings(bench: Bench): Promise<Crowd> {
  const server = await bench.start({ subject: 'pocketping', framework: 'node', storage: 'memory' });
  const { visitors } = await server.call('populate', { sessions: SOCKETS, longSession: 0 });
  const sockets = await widgetSockets(server.port, visitors);
  const requests = visitors.map((visitor) => messages([visitor]));
  const round = () =>
    withConnections(server.port, OPEN_CONNECTIONS, async (connections) => {
      const turnstile = new Turnstile(connections);
      const heard = new Hearing(sockets);
      await atRate(PER_SECOND, bench.settings.ms, (sentAt) => {
        const next = requests[heard.expectSomewhere(sentAt)] as () => string;
        turnstile.send(next(), () => {});
      });
      return heard.all();
    });
  return { sockets, round };
}

/** Notes when something was sent that a socket will hear of, and how long it took to get there. */
class Hearing {
  readonly #sent: number[][];
  readonly #taken = new Awaited();

  constructor(sockets: readonly LoadSocket[]) {
    this.#sent = sockets.map(() => []);
    for (const [place, socket] of sockets.entries()) {
      socket.heard = (text) => {
        const sentAt = isHeartbeat(text) ? undefined : this.#sent[place]?.shift();
        if (sentAt !== undefined) this.#taken.arrived(sentAt);
      };
    }
  }

  /** @returns one of the sockets, which will hear of it */
  expectSomewhere(sentAt: number): number {
    const place = Math.floor(Math.random() * this.#sent.length);
    this.#sent[place]?.push(sentAt);
    this.#taken.expect();
    return place;
  }

  all(): Promise<number[]> {
    return this.#taken.all();
  }
}

const isHeartbeat = (text: string): boolean => text.startsWith('{"type":"ping"');
