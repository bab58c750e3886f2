import { frame as frameSchema, LIMITS } from '@pocketping/protocol';
import type { Random } from '../random.js';
import { Connection } from './connection.js';
import { FrameReader, frameBytes, OPCODE } from './frames.js';
import { JsonObject, mutated, nasty, textOf } from './json.js';
import { wrongWith } from './oracle.js';
import { ResponseReader } from './responses.js';
import { ANSWER_MS, type Target } from './target.js';
import type { Known } from './valid-values.js';
import { Violation } from './violation.js';

/** One WebSocket, from a handshake that may be wrong to an end of either side's choice. @throws Violation */
export const playSocketCase = async (target: Target): Promise<void> => {
  const { known, random } = target;
  const socket = new FuzzedSocket(target);
  if (!(await socket.shakesHands())) return socket.end();
  const greets = random.chance(0.5);
  if (greets) {
    socket.say(hello(known, {}));
    await socket.isGreeted();
  }
  for (let left = random.between(0, 6); left > 0; left--) socket.say(random.pick(SAYINGS)(known, random));
  await socket.listen(random.pick([0, 5, 30]));
  socket.end();
};

class FuzzedSocket {
  readonly #target: Target;
  readonly #connection: Connection;
  readonly #responses = new ResponseReader();
  readonly #frames = new FrameReader();
  #open = false;
  #heardFrames = 0;
  #saidClose = false;
  #wrong: string | undefined;

  constructor(target: Target) {
    this.#target = target;
    this.#connection = new Connection(target.port, (chunk) => {
      if (this.#open) this.#take(chunk);
      else this.#responses.push(chunk);
    });
  }

  /** Whether the server speaks WebSocket now. */
  async shakesHands(): Promise<boolean> {
    const { known, random } = this.#target;
    const sound = random.chance(0.8);
    this.#connection.write(Buffer.from(handshake(known, sound ? undefined : random), 'latin1'));
    let answer = this.#responses.next();
    await this.#connection.until(() => {
      answer ??= this.#responses.next();
      return answer !== undefined;
    }, ANSWER_MS);
    if (!answer) {
      if (this.#connection.closed) return false;
      throw this.#violation('a handshake has no answer');
    }
    const wrong = wrongWith(answer, undefined);
    if (wrong) throw this.#violation(wrong);
    this.#open = answer.status === 101;
    if (this.#open && answer.body !== '') this.#take(Buffer.from(answer.body, 'latin1'));
    if (!this.#open && sound) throw this.#violation(`a sound handshake is answered ${answer.status}`);
    return this.#open;
  }

  say(bytes: Buffer): void {
    this.#saidClose ||= (bytes[0] ?? 0) % 16 === OPCODE.close;
    this.#connection.write(bytes);
  }

  /** Who says hello hears something. */
  async isGreeted(): Promise<void> {
    if (await this.#connection.until(() => this.#heardFrames > 0, ANSWER_MS)) return this.#check();
    throw this.#violation(
      `a hello has no answer${this.#connection.closed ? ', and the connection is closed' : ''}`,
    );
  }

  async listen(ms: number): Promise<void> {
    await this.#connection.until(() => false, ms);
    this.#check();
  }

  end(): void {
    const { random } = this.#target;
    const draw = random.next();
    if (draw < 0.1) this.#target.abandon(this.#connection);
    else if (draw < 0.3) this.#connection.end();
    else this.#connection.reset();
  }

  #take(chunk: Buffer): void {
    try {
      for (const { opcode, payload } of this.#frames.push(chunk)) {
        this.#heardFrames++;
        if (opcode === OPCODE.text) frameSchema.parse(JSON.parse(payload.toString('utf8')));
        else if (opcode === OPCODE.close) this.#closeSaid(payload);
        else if (opcode !== OPCODE.ping && opcode !== OPCODE.pong) this.#wrong = `an opcode ${opcode}`;
      }
    } catch (error) {
      this.#wrong = String(error);
    }
  }

  #closeSaid(payload: Buffer): void {
    const code = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
    // A close is answered with the same code, whatever it was.
    if (!this.#saidClose && !CODES.includes(code)) this.#wrong = `the WebSocket ends with ${code}`;
  }

  #check(): void {
    if (this.#wrong) throw this.#violation(this.#wrong);
  }

  #violation(what: string): Violation {
    return new Violation(what, this.#connection.sent, this.#connection.heardText);
  }
}

/** What a server may end a WebSocket with on a client's account: 1011, an internal error, is not among it. */
const CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 4400, 4401, 4408, 4429];

/** @param random given for one in which something is wrong */
const handshake = ({ sessionId }: Known, random: Random | undefined): string => {
  const fields: [string, string][] = [
    ['host', 'localhost'],
    ['connection', 'Upgrade'],
    ['upgrade', 'websocket'],
    ['sec-websocket-version', '13'],
    ['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ];
  let query = `sessionId=${sessionId}`;
  if (random) {
    const at = random.between(0, fields.length - 1);
    switch (random.between(0, 3)) {
      case 0:
        query = random.pick([
          '',
          'sessionId=',
          'sessionId=x&after=-1',
          'after=x',
          `sessionId=${'x'.repeat(9000)}`,
        ]);
        break;
      case 1:
        fields.splice(at, 1);
        break;
      case 2:
        fields[at] = [fields[at]?.[0] ?? '', random.pick(['', 'x', '99', 'x'.repeat(100), '\xff'])];
        break;
      default:
        fields.push(
          random.pick<[string, string]>([
            ['origin', 'https://evil.example'],
            ['sec-websocket-extensions', 'permessage-deflate; server_max_window_bits=99'],
            ['sec-websocket-protocol', 'a, b, a'],
            ['content-length', '5'],
            ['transfer-encoding', 'chunked'],
          ]),
        );
    }
  }
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET /pocketping/stream?${query} HTTP/1.1\r\n${lines.join('')}\r\n`;
};

const text = (json: string): Buffer => frameBytes(OPCODE.text, Buffer.from(json));

const hello = ({ token }: Known, more: object): Buffer =>
  text(JSON.stringify({ type: 'hello', data: { token, ...more } }));

type Saying = (known: Known, random: Random) => Buffer;

const SAYINGS: readonly Saying[] = [
  (known, random) => hello(known, { after: random.pick([0, 1, -1, 1e9, 2 ** 53, 0.5, '1', null]) }),
  (_known, random) => text(JSON.stringify({ type: 'typing', data: { isTyping: random.chance(0.5) } })),
  (_known, random) => text(JSON.stringify({ type: 'typing', data: { isTyping: 'yes', x: random.next() } })),
  ({ token }, random) =>
    text(
      textOf(
        mutated(
          new JsonObject([
            ['type', 'hello'],
            ['data', new JsonObject([['token', token]])],
          ]),
          random,
        ),
      ),
    ),
  (_known, random) => text(textOf(nasty(random))),
  (_known, random) =>
    text(random.pick(['', 'hello', '{', '[]', 'null', '{"type":"ping"}', '{"type":"__proto__"}'])),
  (_known, random) => frameBytes(OPCODE.binary, randomBytes(random, 50)),
  (_known, random) => frameBytes(OPCODE.text, randomBytes(random, 50)),
  (_known, random) => frameBytes(random.between(3, 15), randomBytes(random, 200)),
  (_known, random) => frameBytes(OPCODE.ping, randomBytes(random, random.pick([0, 125, 126]))),
  (_known, random) => flood(OPCODE.ping, random),
  (_known, random) => flood(OPCODE.pong, random),
  (_known, random) => frameBytes(OPCODE.close, closePayload(random)),
  (_known, random) => frameBytes(OPCODE.text, Buffer.from('{}'), { masked: false, wide: random.chance(0.5) }),
  (_known, random) => frameBytes(OPCODE.text, Buffer.from('{}'), { reserved: random.between(1, 7) }),
  (_known, random) =>
    frameBytes(OPCODE.text, Buffer.alloc(random.pick([LIMITS.clientFrameBytes, 4097, 100_000]), 32)),
  (_known, random) =>
    frameBytes(OPCODE.text, Buffer.alloc(5), { length: random.pick([6, 2 ** 32, 2 ** 53, 2 ** 62]) }),
  ({ token }, random) => fragmented(JSON.stringify({ type: 'hello', data: { token } }), random),
  (_known, random) => frameBytes(OPCODE.continuation, randomBytes(random, 10), { fin: random.chance(0.5) }),
  (known, random) => hello(known, {}).subarray(0, random.between(1, 20)),
  (_known, random) => randomBytes(random, 200),
];

const randomBytes = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: random.between(0, most) }, () => random.between(0, 255)));

const flood = (opcode: number, random: Random): Buffer =>
  Buffer.concat(Array.from({ length: random.between(2, 2000) }, () => frameBytes(opcode, Buffer.from('x'))));

const closePayload = (random: Random): Buffer => {
  const code = Buffer.alloc(2);
  code.writeUInt16BE(random.pick([0, 999, 1000, 1001, 1004, 1005, 1006, 1015, 2999, 3000, 4400, 65_535]));
  return random.pick([
    Buffer.alloc(0),
    code.subarray(0, 1),
    code,
    Buffer.concat([code, randomBytes(random, 130)]),
  ]);
};

/** One message in several frames, control frames between them; sometimes the last one never comes. */
const fragmented = (message: string, random: Random): Buffer => {
  const parts: Buffer[] = [];
  const count = random.between(2, 30);
  const size = Math.ceil(message.length / count);
  for (let number = 0; number < count; number++) {
    const piece = Buffer.from(message.slice(number * size, (number + 1) * size));
    const fin = number === count - 1 && random.chance(0.8);
    parts.push(frameBytes(number === 0 ? OPCODE.text : OPCODE.continuation, piece, { fin }));
    if (random.chance(0.2)) parts.push(frameBytes(OPCODE.ping, Buffer.from('between')));
  }
  return Buffer.concat(parts);
};
