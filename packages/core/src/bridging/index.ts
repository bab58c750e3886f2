/** What every bridge does the same way, whatever its platform: with its options, with a connection that failed, and to prove what is its own. */
export { backoffMs } from '../delivery/backoff.js';
export { nothingWasSent } from './connection.js';
export { LONGEST_NAME, nameFrom, pacingFrom, type Wrong, wrongIn } from './options.js';
export { SessionSeals, sealLine, wordInLastLine } from './seal.js';
export { derivedFrom } from './secrets.js';
