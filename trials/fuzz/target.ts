import type { Random } from '../random.js';
import type { Connection } from './connection.js';
import type { Known } from './valid-values.js';

/** What a case is played against. */
export interface Target {
  readonly port: number;
  /** The fuzzer's own conversation. */
  readonly known: Known;
  readonly random: Random;
  /** Keeps a connection open, and says nothing more on it, until all is over. */
  abandon(connection: Connection): void;
}

/** How long the server may take to answer what is complete; milliseconds. */
export const ANSWER_MS = 10_000;
