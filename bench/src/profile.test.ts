import { expect, it } from 'vitest';
import { hottest, selfTimes } from './profile.js';

const node = (id: number, functionName: string, url = '') => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

it('adds up the time of each function over all its places and profiles, without the idle time', () => {
  const send = 'file:///home/me/pocketping/packages/core/dist/index.js';
  const profile = {
    nodes: [node(1, '(idle)'), node(2, 'send', send), node(3, 'send', send), node(4, '', 'node:events')],
    samples: [1, 2, 3, 4],
    timeDeltas: [1000, 10, 20, 10],
  };
  expect(selfTimes([profile, profile])).toEqual([
    { where: 'send  core/dist/index.js:10', micros: 60, share: 0.75 },
    { where: '(anonymous)  node:events:10', micros: 20, share: 0.25 },
  ]);
});

it('prints the longest ones first, and no more than wanted', () => {
  const times = [
    { where: 'a', micros: 3, share: 0.75 },
    { where: 'b', micros: 1, share: 0.25 },
  ];
  expect(hottest(times, 0, 1)).toBe('  75.0 %  a');
});

it('says what each request cost where their number is known', () => {
  expect(hottest([{ where: 'a', micros: 3, share: 0.75 }], 2)).toBe('  75.0 %   1.50 µs  a');
});
