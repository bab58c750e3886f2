import { nameFrom } from '@pocketping/core/bridging';
import type { RemoteBridgeOptions } from './options.js';
import { wrong } from './wrong.js';

/** The options, checked, with their defaults. */
export interface Settings {
  readonly name: string;
  readonly origin: string;
  /** Where the server is, without a trailing slash. */
  readonly root: string;
  /** Appears in no message. */
  readonly apiKey?: string;
  /** The key would travel in the open. */
  readonly exposesKey: boolean;
  readonly fetch: typeof fetch;
}

/** @throws BridgeError `misconfigured`, saying what to change; it never repeats a key */
export const settingsFrom = (options: RemoteBridgeOptions): Settings => {
  const address = addressFrom(options.bridgeUrl);
  const apiKey = keyFrom(options.apiKey);
  return {
    name: nameFrom(options.name ?? 'remote', wrong),
    origin: originFrom(options.origin ?? 'default'),
    root: `${address.origin}${address.pathname}`.replace(/\/+$/, ''),
    ...(apiKey !== undefined && { apiKey }),
    exposesKey: apiKey !== undefined && address.protocol === 'http:' && !isLoopback(address),
    fetch: options.fetch ?? ((...request: Parameters<typeof fetch>) => fetch(...request)),
  };
};

const EXAMPLE = 'e.g. "https://chat.example.com"';

const addressFrom = (value: unknown): URL => {
  const told = typeof value === 'string' ? value.trim() : '';
  if (told === '')
    throw wrong(`bridgeUrl is missing: pass the address of your PocketPing server, ${EXAMPLE}.`);
  if (!/^https?:\/\//i.test(told) || !URL.canParse(told)) {
    throw wrong(`bridgeUrl must begin with https:// or http:// and be a whole address, ${EXAMPLE}.`);
  }
  const address = new URL(told);
  if (address.username !== '' || address.password !== '') {
    throw wrong(
      'bridgeUrl holds a name or a password: take them out, and pass the server’s API_KEY as apiKey.',
    );
  }
  if (address.search !== '' || address.hash !== '') {
    throw wrong(`bridgeUrl must end with its path, without ? and #, ${EXAMPLE}.`);
  }
  return address;
};

const keyFrom = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  const key = typeof value === 'string' ? value.trim() : undefined;
  if (key === '') return undefined;
  if (key === undefined || !/^[\x21-\x7e]+$/.test(key)) {
    throw wrong('apiKey holds characters that no header can carry: copy the server’s API_KEY again.');
  }
  return key;
};

const originFrom = (value: string): string => {
  if (/^[a-z0-9-]{1,32}$/.test(value)) return value;
  throw wrong(
    `origin is "${value}", but may have up to 32 lower-case letters, digits and dashes only, e.g. "shop".`,
  );
};

/** What is sent there leaves no machine. */
const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(?:\.\d+){3}$/.test(hostname);
