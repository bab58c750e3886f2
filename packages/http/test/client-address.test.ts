import { describe, expect, it } from 'vitest';
import { addressKey, createClientAddresses } from '../src/client-address.js';

describe("a client's address", () => {
  it.each<[trust: string[], remote: string | undefined, forwarded: string | undefined, address: string]>([
    [[], '203.0.113.7', undefined, '203.0.113.7'],
    [[], '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    [[], '::ffff:203.0.113.7', undefined, '203.0.113.7'],
    [[], undefined, undefined, '127.0.0.1'],
    [[], 'fe80::1%eth0', undefined, 'fe80::1'],
    [['loopback'], '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    [['loopback'], '::1', '198.51.100.1', '198.51.100.1'],
    [['loopback'], '::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    [['loopback'], undefined, '198.51.100.1', '198.51.100.1'],
    [['loopback'], '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    [['loopback'], '127.0.0.1', '6.6.6.6, 198.51.100.1', '198.51.100.1'],
    [['loopback', 'private'], '127.0.0.1', '6.6.6.6, 198.51.100.1, 10.0.0.3', '198.51.100.1'],
    [['loopback', '203.0.113.0/24'], '127.0.0.1', '198.51.100.1, 203.0.113.99', '198.51.100.1'],
    [['203.0.113.7'], '203.0.113.7', '2001:db8::1', '2001:db8::1'],
    [['private'], '10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
    [['loopback'], '127.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    [['loopback'], '127.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
    [['loopback'], '127.0.0.1', 'unknown', '127.0.0.1'],
    [['loopback', 'private'], '127.0.0.1', '6.6.6.6, <script>, 10.0.0.1', '10.0.0.1'],
    [['loopback'], '127.0.0.1', '', '127.0.0.1'],
  ])('behind %j, from %s with X-Forwarded-For %j, is %s', (trust, remote, forwarded, address) => {
    expect(createClientAddresses(trust).of(remote, forwarded)).toBe(address);
  });

  it('counts as one with its neighbours where they are one customer', () => {
    expect(addressKey('203.0.113.7')).toBe('203.0.113.7');
    expect(addressKey('2001:db8:1:2:3::1')).toBe(addressKey('2001:db8:1:2:ffff:ffff:ffff:ffff'));
    expect(addressKey('2001:db8:1:2::1')).not.toBe(addressKey('2001:db8:1:3::1'));
  });
});
