import { expect, it } from 'vitest';
import { change } from './comparison.js';
import { type Description, figure } from './figure.js';
import { table } from './table.js';

const description: Description = {
  name: 'message-memory',
  title: 'POST /message',
  unit: '/s',
  better: 'more',
  against: 'an echo',
  target: { ratio: 0.6 },
  elsewhere: { floor: 64_700, value: 44_200 },
};

it('shows floor, ours, ratio, target, the last run and the comparable implementation, in columns', () => {
  const cost = { floor: [20], ours: [25] };
  const now = figure(description, { floor: [50_000], ours: [40_000], cost });
  const then = figure(description, { floor: [50_000], ours: [25_000] });
  const [head, line] = table([{ figure: now, change: change(then, now) }]).split('\n');
  const cells = (text = '') => text.trim().split(/\s{2,}/);
  expect(cells(head)).toEqual([
    'floor',
    'ours',
    'ratio',
    '±',
    'target',
    'µs of CPU',
    'last ratio',
    'elsewhere',
  ]);
  expect(cells(line)).toEqual([
    'POST /message',
    '50,000/s',
    '40,000/s',
    '0.80×',
    '0 %',
    '≥ 0.60× ✔',
    '20.0 → 25.0',
    '0.50× ▲',
    '44,200/s of 64,700/s: 0.68×',
  ]);
});

it('marks a target that is missed, and leaves empty what there is not', () => {
  const { elsewhere: _, ...rest } = description;
  const missed = figure(
    { ...rest, unit: 'ms', better: 'less', target: { value: 15 } },
    { floor: [91.4], ours: [114.2] },
  );
  const line = table([{ figure: missed }]).split('\n')[1];
  expect(line?.trim().split(/\s{2,}/)).toEqual([
    'POST /message',
    '91.4 ms',
    '114 ms',
    '1.25×',
    '0 %',
    '≤ 15.0 ms ✘',
  ]);
});

it('says below what has to be known to read a line', () => {
  const noted = figure(description, { floor: [1], ours: [1] }, 'the load was busy');
  expect(
    table([{ figure: noted }])
      .split('\n')
      .at(-1),
  ).toBe('POST /message: the load was busy');
});
