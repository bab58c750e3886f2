import { badRequest } from './errors.js';
import type { WebhookOption } from './options.js';
import type { WebhookState } from './state.js';

/** Simultaneous connections unless told. */
const USUAL_CONNECTIONS = 40;

/**
 * A webhook as it was asked for, its number of connections brought between 1 and 100.
 * @throws ApiError as the platform words it
 */
export function webhookAt({ url, secretToken, maxConnections }: WebhookOption): WebhookState {
  checkSecret(secretToken ?? '');
  return {
    url: checkedUrl(url),
    ...(secretToken ? { secretToken } : {}),
    maxConnections: Math.min(Math.max(maxConnections ?? USUAL_CONNECTIONS, 1), 100),
  };
}

export const webhookFrom = (option: string | WebhookOption | undefined): WebhookState | undefined =>
  option === undefined ? undefined : webhookAt(typeof option === 'string' ? { url: option } : option);

const PORTS: readonly string[] = ['', '443', '80', '88', '8443'];

/**
 * Checks where updates are to be posted. The platform demands HTTPS on one of four ports; on this machine, HTTP on any
 * port will do.
 * @throws ApiError
 */
function checkedUrl(address: string): string {
  const withScheme = address.includes('://') ? address : `https://${address}`;
  if (!URL.canParse(withScheme)) throw badRequest('invalid webhook URL specified');
  const { protocol, hostname, port } = new URL(withScheme);
  if (protocol === 'http:' && isLoopback(hostname)) return withScheme;
  if (protocol === 'http:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (protocol !== 'https:') throw badRequest('invalid webhook URL specified');
  if (!PORTS.includes(port))
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
  return withScheme;
}

/** @throws ApiError for a secret token that could not travel in a header */
function checkSecret(token: string): void {
  if (token.length > 256) throw badRequest('secret token is too long');
  if (!/^[\w-]*$/.test(token)) throw badRequest('secret token contains unallowed characters');
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname);
