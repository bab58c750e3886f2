import { fieldsOf, numberThat } from './arguments.js';

export interface DrainOptions {
  /** For how many milliseconds at most; 30,000 unless told. */
  readonly withinMs?: number | undefined;
}

const WITHIN_MS = 30_000;

/** @throws PocketPingError `validation_failed` */
export const withinMsOf = (options: unknown): number => {
  const withinMs = numberThat('a number of milliseconds, 0 or more', (ms) => ms >= 0);
  const fields = fieldsOf('drain', 'the options', options, { optional: { withinMs } });
  return (fields.withinMs as number | undefined) ?? WITHIN_MS;
};
