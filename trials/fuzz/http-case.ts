import type { Random } from '../random.js';
import { Connection } from './connection.js';
import { asksForUpgrade, wrongWith } from './oracle.js';
import { fuzzedRequest, mayKeepOpen, type Request } from './request.js';
import { type Response, ResponseReader } from './responses.js';
import { ANSWER_MS, type Target } from './target.js';
import { Violation } from './violation.js';

/** One connection with some requests on it. @throws Violation */
export const playHttpCase = async (target: Target): Promise<void> => {
  const { random } = target;
  const exchange = new Exchange(target);
  for (let left = random.between(1, 6); left > 0 && !exchange.over; left--) {
    const request = fuzzedRequest(target.known, random);
    const draw = random.next();
    if (draw < 0.65) await exchange.whole([request], [bytesOf(request)]);
    else if (draw < 0.73) await exchange.whole([request], cut(bytesOf(request), random));
    else if (draw < 0.81) await exchange.whole([request], [chunkedBytesOf(request, random)]);
    else if (draw < 0.86) await exchange.pipelined(request);
    else if (draw < 0.92) exchange.half(bytesOf(request));
    else if (draw < 0.96) await exchange.unsound(request.method, lyingBytesOf(request, random));
    else await exchange.unsound(request.method, noise(bytesOf(request), random));
  }
  exchange.end();
};

/** What goes on over one connection. */
class Exchange {
  over = false;
  readonly #target: Target;
  readonly #reader = new ResponseReader();
  readonly #connection: Connection;
  readonly #answers: Response[] = [];
  #abandoned = false;

  constructor(target: Target) {
    this.#target = target;
    this.#connection = new Connection(target.port, (chunk) => {
      this.#reader.push(chunk);
      for (let next = this.#reader.next(); next; next = this.#reader.next()) this.#answers.push(next);
    });
  }

  /** Requests that are complete: each has its answer, unless one before it ended the connection. */
  async whole(requests: readonly Request[], pieces: readonly Buffer[]): Promise<void> {
    for (const { method } of requests) this.#reader.asked(method);
    // Node hands a connection over as soon as it has read the upgrade: what is said then overtakes the answers before it.
    const inOrder = requests.length === 1 || !requests.some(asksForUpgrade);
    await this.#connection.writeInPieces(pieces);
    for (const request of requests) {
      const patience = mayKeepOpen(request) ? 100 : ANSWER_MS;
      await this.#connection.until(() => this.#answers.length > 0, patience);
      const answer = this.#answers.shift();
      if (!answer) {
        this.over = true;
        if (this.#connection.closed || mayKeepOpen(request)) return this.#expectNoDebt(request);
        throw this.#violation('a complete request has no answer');
      }
      this.#check(answer, inOrder ? request : undefined);
      if (answer.headers.get('connection') === 'close' || answer.isStream || answer.status === 101) {
        this.over = true;
        return;
      }
    }
  }

  async pipelined(first: Request): Promise<void> {
    const { known, random } = this.#target;
    const requests = [first, fuzzedRequest(known, random), fuzzedRequest(known, random)];
    await this.whole(requests, [Buffer.concat(requests.map(bytesOf))]);
  }

  /** A request that never ends. */
  half(bytes: Buffer): void {
    const { random } = this.#target;
    this.over = true;
    this.#connection.write(bytes.subarray(0, random.between(0, bytes.length - 1)));
    this.#abandoned = random.chance(0.3);
    if (this.#abandoned) this.#target.abandon(this.#connection);
  }

  /** Whatever this is: what the server says about it has to be in order. Where a next request would begin nobody can tell. */
  async unsound(method: string, bytes: Buffer): Promise<void> {
    this.over = true;
    this.#reader.asked(method);
    this.#connection.write(bytes);
    await this.#connection.until(() => this.#answers.length > 0, 50);
    const [answer] = this.#answers;
    if (answer) this.#check(answer, undefined);
  }

  end(): void {
    if (this.#abandoned) return;
    if (this.#target.random.chance(0.1)) this.#connection.end();
    else this.#connection.reset();
  }

  /** The connection was closed without an answer: only half an answer would be wrong. */
  #expectNoDebt(request: Request): void {
    if (this.#reader.rest !== '' && !mayKeepOpen(request)) throw this.#violation('an answer breaks off');
  }

  #check(answer: Response, request: Request | undefined): void {
    const wrong = wrongWith(answer, request);
    if (wrong) throw this.#violation(wrong);
  }

  #violation(what: string): Violation {
    return new Violation(what, this.#connection.sent, this.#connection.heardText);
  }
}

/** As it goes over the wire, with a length that fits. */
const bytesOf = (request: Request): Buffer => {
  const { body } = request;
  const length = body ? [['content-length', `${body.length}`] as [string, string]] : [];
  return Buffer.concat([headOf(request, length), body ?? Buffer.alloc(0)]);
};

const headOf = (
  { method, target, headers }: Request,
  more: readonly (readonly [string, string])[],
): Buffer => {
  const lines = [...headers, ...more].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
};

const cut = (bytes: Buffer, random: Random): Buffer[] => {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let count = random.between(1, 5); count > 0 && from < bytes.length; count--) {
    const to = random.between(from, bytes.length);
    pieces.push(bytes.subarray(from, to));
    from = to;
  }
  return [...pieces, bytes.subarray(from)].filter(({ length }) => length > 0);
};

/** The body in chunks (RFC 9112 §7.1), with what may stand between them. */
const chunkedBytesOf = (request: Request, random: Random): Buffer => {
  const body = request.body ?? Buffer.alloc(0);
  const chunks = cut(body, random).map((piece) =>
    Buffer.concat([
      Buffer.from(`${piece.length.toString(16)}${random.pick(['', ';a=b', ';x'])}\r\n`),
      piece,
      Buffer.from('\r\n'),
    ]),
  );
  const end = Buffer.from(random.pick(['0\r\n\r\n', '0\r\nx-trailer: 1\r\n\r\n', '000\r\n\r\n']));
  return Buffer.concat([headOf(request, [['transfer-encoding', 'chunked']]), ...chunks, end]);
};

/** A head and a body that contradict one another. */
const lyingBytesOf = (request: Request, random: Random): Buffer => {
  const body = request.body ?? Buffer.from('{}');
  const lie = random.pick<readonly (readonly [string, string])[]>([
    [['content-length', `${body.length + random.between(1, 1000)}`]],
    [['content-length', `${Math.max(0, body.length - random.between(1, 10))}`]],
    [['content-length', '99999999999']],
    [['content-length', '-1']],
    [['content-length', 'x']],
    [
      ['content-length', '1'],
      ['content-length', '2'],
    ],
    [
      ['content-length', `${body.length}`],
      ['transfer-encoding', 'chunked'],
    ],
    [['transfer-encoding', 'chunked']],
    [['transfer-encoding', 'gzip, chunked']],
    [['transfer-encoding', 'x']],
  ]);
  const chunk = random.pick(['', 'zz\r\n', 'ffffffffffffffff\r\n', '-1\r\n', '5\r\nab\r\n']);
  return Buffer.concat([headOf(request, lie), Buffer.from(chunk), body]);
};

/** Bytes of which some, or all, make no sense. */
const noise = (bytes: Buffer, random: Random): Buffer => {
  if (random.chance(0.2)) {
    return Buffer.from(Array.from({ length: random.between(1, 300) }, () => random.between(0, 255)));
  }
  const copy = Buffer.from(bytes);
  for (let count = random.between(1, 8); count > 0; count--) {
    copy[random.between(0, copy.length - 1)] = random.pick([0, 10, 13, 32, 58, 255, random.between(0, 255)]);
  }
  return copy;
};
