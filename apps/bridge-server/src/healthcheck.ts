import { readValues } from './settings/values.js';
import { serverVariables } from './variables/index.js';

// For the container: ends with 0 where the server answers and its storage works, with 1 elsewhere.
const { port = 3001, host = '127.0.0.1' } = readValues('server', serverVariables, process.env).values;
const reached = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]).get(host);
const name = reached ?? host;
const response = await fetch(`http://${name.includes(':') ? `[${name}]` : name}:${port}/health`, {
  signal: AbortSignal.timeout(5000),
}).catch(() => undefined);
process.exit(response?.ok ? 0 : 1);
