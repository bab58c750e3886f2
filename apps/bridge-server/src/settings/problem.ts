import type { Part } from '../variables/index.js';

/** Something in the environment that makes no sense. */
export interface Problem {
  /** `server`: nothing runs with it. Otherwise that bridge is left out. */
  readonly concerns: Part;
  /** What is wrong, and what to do. */
  readonly text: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;
