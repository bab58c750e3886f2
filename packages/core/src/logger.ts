import { BridgeError } from './errors.js';
import type { LogFields, Logger } from './ports/logger.js';

/** Writes warnings, errors and what a person may want to know to the console; `debug` is dropped. */
export const consoleLogger: Logger = {
  debug: () => {},
  info: (fields, message) => console.info(line(message), ...detail(fields)),
  warn: (fields, message) => console.warn(line(message), ...detail(fields)),
  error: (fields, message) => console.error(line(message), ...detail(fields)),
};

const line = (message: string): string => `[pocketping] ${message}`;

/**
 * The same logger, but for its failures: one that throws, or cannot write down what it is given, may not change what is being logged. It
 * is asked once more with the text alone; after that the line is lost.
 */
export const neverThrowing = (logger: Logger): Logger => ({
  debug: (fields, message) => write(logger, 'debug', fields, message),
  info: (fields, message) => write(logger, 'info', fields, message),
  warn: (fields, message) => write(logger, 'warn', fields, message),
  error: (fields, message) => write(logger, 'error', fields, message),
});

const write = (logger: Logger, level: keyof Logger, fields: LogFields, message: string): void => {
  attempt(
    () => logger[level](fields, message),
    () => attempt(() => logger[level]({}, message), lost),
  );
};

/** Calls `otherwise` where `run` throws; and where it answers a promise, as a logger should not, when that rejects. */
const attempt = (run: () => unknown, otherwise: () => void): void => {
  try {
    const outcome = run();
    if (outcome instanceof Promise) outcome.catch(otherwise);
  } catch {
    otherwise();
  }
};

const lost = () => {};

/** A platform's refusal is told by its message; where in our code it was met helps nobody. */
const detail = ({ err, ...rest }: LogFields): LogFields[] => {
  const fields = err === undefined || BridgeError.isInstance(err) ? rest : { ...rest, err };
  return Object.keys(fields).length > 0 ? [fields] : [];
};
