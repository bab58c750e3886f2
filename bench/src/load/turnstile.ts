import type { Connection } from './connection.js';

/** What the turnstile needs of a connection. */
type Sender = Pick<Connection, 'send'>;

/** Hands requests to whichever connection is free; those that find none wait, in order. */
export class Turnstile {
  readonly #idle: Sender[];
  readonly #waiting: (readonly [request: string, answered: () => void])[] = [];

  constructor(connections: readonly Sender[]) {
    this.#idle = [...connections];
  }

  send(request: string, answered: () => void): void {
    const connection = this.#idle.pop();
    if (connection) this.#ask(connection, request, answered);
    else this.#waiting.push([request, answered]);
  }

  #ask(connection: Sender, request: string, answered: () => void): void {
    connection.send(request, () => {
      answered();
      const next = this.#waiting.shift();
      if (next) this.#ask(connection, ...next);
      else this.#idle.push(connection);
    });
  }
}
