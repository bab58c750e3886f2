import { BridgeError, type LogFields, type Logger } from '@pocketping/core';
import { pino } from 'pino';
import { inVariables, platformOf } from './naming.js';
import type { LogLevel } from './settings/server.js';

/** Where lines go; standard output is one. */
export interface LogTarget {
  readonly isTTY?: boolean | undefined;
  write(line: string): unknown;
}

/** JSON, a line each, for whatever collects it; on a terminal, for people. No secret is in either. */
export const createLogger = (
  level: LogLevel,
  secrets: readonly string[],
  target: LogTarget = process.stdout,
): Logger => {
  const conceal = concealing(secrets);
  const print = target.isTTY ? forPeople : (line: string) => line;
  const out = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describe },
    },
    { write: (line: string) => void target.write(print(conceal(line))) },
  );
  const at =
    (level: LogLevel) =>
    (fields: LogFields, message: string): void => {
      const platform = platformOf(fields.bridge);
      out[level](fields, platform ? inVariables(platform, message) : message);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

/** Shorter ones occur in innocent words; no token is so short. */
const SHORTEST_SECRET = 6;

/** Replaces secrets as they may stand in a line of JSON, or in an address in one. Tokens that contain others go first. */
const concealing = (secrets: readonly string[]) => {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .toSorted((left, right) => right.length - left.length);
  return (line: string): string => forms.reduce((text, form) => text.replaceAll(form, '[secret]'), line);
};

/** A few causes tell what happened; errors of client libraries carry whole requests besides, which are nobody's business. */
const describe = (error: unknown, depth = 0): unknown => {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    type: name,
    ...(typeof code === 'string' && { code }),
    message,
    // A platform's refusal is told by its message; where in our code it was met helps nobody.
    ...(!BridgeError.isInstance(error) && { stack }),
    ...(cause !== undefined && depth < 2 && { cause: describe(cause, depth + 1) }),
  };
};

const forPeople = (line: string): string => {
  const { time, level, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown> & {
    err?: { message?: string; stack?: string };
  };
  const fields = Object.entries(rest).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  const { message = '', stack } = err ?? {};
  const trouble = stack ?? (String(msg).includes(message) ? '' : message);
  return `${String(time).slice(11, 19)} ${String(level).toUpperCase().padEnd(5)} ${msg}${fields.join('')}\n${trouble && `${trouble}\n`}`;
};
