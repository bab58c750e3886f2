import { describe, expect, it } from 'vitest';
import { below, isLiteral } from '../src/prefix.js';

describe('what lies below a prefix', () => {
  it.each([
    ['/chat', '/chat/connect', '/connect'],
    ['/chat', '/chat/events?after=/1', '/events?after=/1'],
    ['/chat', '/chat', '/'],
    ['/chat', '/chat?a=/b/c', '/?a=/b/c'],
    ['/chat/', '/chat/connect', '/connect'],
    ['/chat', '/CHAT/connect', '/connect'],
    ['/', '/connect', '/connect'],
    ['', '/connect?a', '/connect?a'],
    ['/shops/:shop/chat', '/shops/7/chat/connect', '/connect'],
    ['/shops/:shop/chat', '/shops/7/chat', '/'],
    ['/shops/:shop/chat', '/shops/7/chat?next=/a/b', '/?next=/a/b'],
    ['/chat', 'http://shop.example/chat/connect?a', '/connect?a'],
    ['/chat', 'http://shop.example', '/'],
  ])('%s is, of %s, %s', (prefix, target, rest) => {
    expect(below(prefix)(target)).toBe(rest);
  });
});

it.each([
  ['/chat', true],
  ['/', true],
  ['/shops/:shop', false],
  ['/shops/*', false],
  ['/shops(.*)', false],
])('a prefix stands for itself alone unless it has a pattern in it: %s, %s', (prefix, answer) => {
  expect(isLiteral(prefix)).toBe(answer);
});
