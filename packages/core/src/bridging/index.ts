/** What every bridge does the same way, whatever its platform: with its options, and with a connection that failed. */
export { backoffMs } from '../delivery/backoff.js';
export { nothingWasSent } from './connection.js';
export { LONGEST_NAME, nameFrom, pacingFrom, type Wrong, wrongIn } from './options.js';
