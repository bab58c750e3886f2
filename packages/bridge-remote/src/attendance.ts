import type { InboundCommand, Instant } from '@pocketping/core';
import type { TeamEvent } from '@pocketping/protocol';
import { operatorOf } from './parse.js';

type Operators = Extract<TeamEvent, { type: 'operator_status' }>['operators'];
type Attendant = Operators[number];

/** Who of the server's team is there, and what of that the engine has been told. */
export class Attendance {
  readonly #origin: string;
  #told = new Map<string, Attendant>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** What the engine does not know yet, as commands that nobody typed. Handed over twice, each says the same. */
  *news(operators: Operators, at: Instant): Generator<InboundCommand> {
    const now = new Map(operators.map((one) => [operatorOf(one).id, one]));
    for (const [id, before] of this.#told) {
      if (!now.has(id) && before.online) yield this.#command({ ...before, online: false }, at);
    }
    for (const [id, one] of now) {
      const before = this.#told.get(id);
      if (before?.version !== one.version || before.online !== one.online) yield this.#command(one, at);
    }
    this.#told = now;
  }

  #command(one: Attendant, at: Instant): InboundCommand {
    const name = one.online ? 'online' : 'offline';
    const operator = operatorOf(one);
    return {
      kind: 'command',
      operator,
      at,
      name,
      args: '',
      implied: true,
      // Outside of any conversation. A server that lost its data counts versions from the beginning: the time tells them apart.
      ref: { chatId: this.#origin, platformId: `${name}/${operator.id}/${one.version}/${at}` },
    };
  }
}
