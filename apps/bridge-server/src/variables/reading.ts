import { isIP } from 'node:net';
import { Unreadable } from './variable.js';

/** Any text. */
export const words = (text: string): string => text;

/** A text that opens something: it is not repeated in any message. */
export const secretText = (text: string): string => {
  if (!/\s/.test(text)) return text;
  throw new Unreadable('has a space or a line break in it: copy it again, as one word.');
};

/** A secret that its owner makes up: long enough that nobody guesses it. */
export const key = (text: string): string => {
  if (secretText(text).length >= 16 && /^[\x21-\x7e]+$/.test(text)) return text;
  throw new Unreadable(
    'must have at least 16 characters, without accents: what `openssl rand -hex 32` prints will do.',
  );
};

export const wholeNumber =
  ({ from, to }: { readonly from: number; readonly to: number }) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new Unreadable(`is "${text}", but must be a whole number from ${from} to ${to}.`);
  };

/** Bytes, from megabytes of 1024 × 1024. */
export const megabytes = (text: string): number =>
  wholeNumber({ from: 1, to: 1_000_000 })(text) * 1024 * 1024;

export const onOrOff = (text: string): boolean => {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new Unreadable(`is "${text}", but must be "on" or "off".`);
};

export const oneOf =
  <const Choice extends string>(...choices: readonly Choice[]) =>
  (text: string): Choice => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    throw new Unreadable(`is "${text}", but must be one of ${choices.join(', ')}.`);
  };

/** With commas between them. */
export const listOf =
  <Item>(read: (text: string) => Item) =>
  (text: string): readonly Item[] =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map(read);

/** An address of the web, without the slash at its end. */
export const webAddress = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Unreadable(`is "${text}", but must be an address that begins with https:// or http://.`);
  if (url.username !== '' || url.search !== '' || url.hash !== '')
    throw new Unreadable('must be an address without a password, a question mark or a #.');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
};

const origin = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url.origin;
  throw new Unreadable(`has "${text}" in it, but a website is written like https://www.example.com.`);
};

/** Websites, or `*` for every one. */
export const origins = (text: string): '*' | readonly string[] =>
  text === '*' ? text : listOf(origin)(text);

/** A proxy as the protocol's adapters take it. */
export const proxy = (text: string): string => {
  if (text === 'loopback' || text === 'private') return text;
  const [address = '', bits, ...more] = text.split('/');
  const kind = isIP(address);
  const longest = kind === 4 ? 32 : 128;
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest);
  if (kind !== 0 && fits && more.length === 0) return text;
  throw new Unreadable(
    `has "${text}" in it, but a proxy is an address, a range such as 10.0.0.0/8, "loopback" or "private".`,
  );
};
