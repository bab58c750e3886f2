import { expect, it } from 'vitest';
import { backoffMs } from '../src/client/backoff.js';
import { initialState } from '../src/client/state.js';
import { durableStorage } from '../src/client/storage.js';
import { wellFormed } from '../src/client/text.js';
import { eventReader } from '../src/client/transports/server-sent-events.js';
import { defaultStrings, fill } from '../src/strings.js';
import { dayName } from '../src/ui/dates.js';
import { fileSize } from '../src/ui/file-size.js';
import { linkify } from '../src/ui/linkify.js';
import { rows } from '../src/ui/rows.js';

it('text becomes what every database can store', () => {
  expect(wellFormed('a\0b \ud83d\ude00 \ud83d \ude00')).toBe('ab 😀 \ufffd \ufffd');
});

it('links: http, https, mailto and addresses, without the sentence around them', () => {
  const hrefs = (text: string) => linkify(text).flatMap(({ href }) => href ?? []);
  expect(hrefs('See https://a.example/x?y=1#z, or (http://b.example).')).toEqual([
    'https://a.example/x?y=1#z',
    'http://b.example',
  ]);
  expect(hrefs('https://en.wikipedia.org/wiki/Lamp_(disambiguation)')).toEqual([
    'https://en.wikipedia.org/wiki/Lamp_(disambiguation)',
  ]);
  expect(hrefs('write to mia.o+x@mail.example.com!')).toEqual(['mailto:mia.o+x@mail.example.com']);
  expect(hrefs('javascript:alert(1) data:text/html,x ftp://c.example file:///etc')).toEqual([]);
  for (const text of ['', 'plain', 'a https://b.example c', 'https://b.example']) {
    expect(
      linkify(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  }
});

it('server-sent events are cut wherever the network cuts them', () => {
  const whole = ': hello\r\nid: 3\r\ndata: {"a":\r\ndata: 1}\r\n\r\ndata:two\n\nevent: x\n\n';
  for (let cut = 0; cut <= whole.length; cut++) {
    const heard: string[] = [];
    const reader = eventReader((data) => heard.push(data));
    reader.push(whole.slice(0, cut));
    reader.push(whole.slice(cut));
    expect(heard).toEqual(['{"a":\n1}', 'two']);
  }
});

it('waits double from 1 s to 30 s, less a random half, and never undercut the server', () => {
  expect([1, 2, 5, 6, 5000].map((failures) => backoffMs(failures, () => 1))).toEqual([
    1000, 2000, 16_000, 30_000, 30_000,
  ]);
  expect(backoffMs(1, () => 0)).toBe(500);
  expect(backoffMs(1, () => 0, 7000)).toBe(7500);
});

it('storage that throws is replaced by memory', () => {
  const storage = durableStorage(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  storage.set('a', '1');
  expect([storage.get('a'), storage.get('b'), storage.keys()]).toEqual(['1', null, ['a']]);
  storage.remove('a');
  expect(storage.keys()).toEqual([]);
});

it('a full storage keeps in memory what it could not take, and nothing stale', () => {
  const kept = new Map([['a', 'old']]);
  const full = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem() {
      throw new DOMException('full', 'QuotaExceededError');
    },
    removeItem: (key: string) => void kept.delete(key),
  };
  const storage = durableStorage(() => full as unknown as Storage);
  storage.set('a', 'new');
  expect(storage.get('a')).toBe('new');
});

it('messages in close succession are a group; a day and a failure end it', () => {
  const at = (time: string, content: string) => ({
    id: content,
    sessionId: 's',
    seq: 1,
    sender: 'operator' as const,
    content,
    version: 1,
    timestamp: new Date(time).toISOString(),
  });
  const messages = [
    at('2026-01-20T10:00', 'a'),
    at('2026-01-20T10:04', 'b'),
    at('2026-01-20T10:20', 'c'),
    at('2026-01-21T10:00', 'd'),
  ];
  const shown = rows({ ...initialState(true), messages });
  expect(shown.map(({ newDay, starts, ends }) => [newDay, starts, ends])).toEqual([
    [true, true, false],
    [false, false, true],
    [false, true, true],
    [true, true, true],
  ]);
});

it('days have names', () => {
  const now = new Date(2026, 0, 21, 0, 30);
  expect(dayName(new Date(2026, 0, 21, 0, 1), defaultStrings, now)).toBe('Today');
  expect(dayName(new Date(2026, 0, 20, 23, 59), defaultStrings, now)).toBe('Yesterday');
  expect(dayName(new Date(2026, 0, 1), defaultStrings, now)).toContain('2026');
});

it('sizes are what people call them', () => {
  expect([1, 1023, 1024, 234_000, 25 * 1024 ** 2, 1.55 * 1024 ** 3].map(fileSize)).toEqual([
    ...['1 byte', '1,023 bytes', '1 kB', '229 kB', '25 MB', '1.6 GB'],
  ]);
});

it('placeholders are filled with text, not patterns', () => {
  expect(fill('{name} has {count} {other}', { name: '$&', count: 2 })).toBe('$& has 2 {other}');
});
