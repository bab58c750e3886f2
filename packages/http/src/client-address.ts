import ipaddr from 'ipaddr.js';
import type { WireInput } from './wire.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

type RemoteAddress = WireInput['remoteAddress'];

/** Answers which address a request comes from, as far as it can be believed. */
export interface ClientAddresses {
  /**
   * The connection's other end; behind trusted proxies, the nearest address in `X-Forwarded-For` that is not one of
   * them, read from right to left because everything further left may be invented. Where nobody tells who is at the connection's other end,
   * it is taken for a proxy as soon as there are any.
   */
  of(remoteAddress: RemoteAddress, forwardedFor: string | readonly string[] | undefined): string;
  /** Whether the connection's other end is a trusted proxy. */
  trusts(remoteAddress: RemoteAddress): boolean;
}

/** @throws TypeError for an entry that is neither an address, a CIDR range nor one of the names. */
export function createClientAddresses(trustProxy: readonly string[] = []): ClientAddresses {
  const ranges = trustProxy.flatMap((entry) => (NAMED[entry] ?? [entry]).map(parseRange));
  const trusted = (address: string): boolean => {
    const parsed = ipaddr.process(address);
    return ranges.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
  };
  const trusts = (remoteAddress: RemoteAddress): boolean =>
    ranges.length > 0 && (remoteAddress === null || trusted(plainAddress(remoteAddress)));

  return {
    trusts,
    of(remoteAddress, forwardedFor) {
      let nearest = plainAddress(remoteAddress);
      if (forwardedFor === undefined || !trusts(remoteAddress)) return nearest;
      const hops = (typeof forwardedFor === 'string' ? forwardedFor : forwardedFor.join(',')).split(',');
      let isProxy = true;
      for (let i = hops.length - 1; i >= 0 && isProxy; i--) {
        const hop = hopAddress(hops[i] as string);
        if (hop === undefined) break;
        nearest = hop;
        isProxy = trusted(nearest);
      }
      return nearest;
    },
  };
}

/** What rate limits count by: an IPv4 address, or the /64 that one IPv6 customer has at the least. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  const parts = ipaddr.parse(address).toByteArray().slice(0, 8);
  return `${parts.map((byte) => byte.toString(16).padStart(2, '0')).join('')}/64`;
}

/** Without a zone and without the IPv6 coat of an IPv4 address. The other end of a Unix socket is this machine; who is unknown counts as one. */
function plainAddress(remoteAddress: RemoteAddress): string {
  if (remoteAddress === undefined || remoteAddress === null) return '127.0.0.1';
  if (!remoteAddress.includes(':')) return remoteAddress;
  return ipaddr.process(remoteAddress.split('%', 1)[0] as string).toString();
}

/** An entry of `X-Forwarded-For`, some of which carry a port. */
function hopAddress(hop: string): string | undefined {
  const text = hop.trim();
  const bare = text.startsWith('[')
    ? text.slice(1, text.indexOf(']'))
    : text.indexOf(':') === text.lastIndexOf(':')
      ? (text.split(':', 1)[0] as string)
      : text;
  return ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare)
    ? plainAddress(bare)
    : undefined;
}

function parseRange(entry: string): Range {
  try {
    if (entry.includes('/')) return ipaddr.parseCIDR(entry) as Range;
    const address = ipaddr.parse(entry);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch (cause) {
    throw new TypeError(`trustProxy: "${entry}" is no address, CIDR range, "loopback" or "private"`, {
      cause,
    });
  }
}
