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

/** A platform's refusal is told by its message; where in our code it was met helps nobody. */
const detail = ({ err, ...rest }: LogFields): LogFields[] => {
  const fields = err === undefined || BridgeError.isInstance(err) ? rest : { ...rest, err };
  return Object.keys(fields).length > 0 ? [fields] : [];
};
