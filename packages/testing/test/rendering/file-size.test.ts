import { fileSize } from '@pocketping/core/rendering';
import { expect, it } from 'vitest';

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1 KB'],
  [4_249_000, '4.2 MB'],
  [9_949_999, '9.9 MB'],
  [9_960_000, '10 MB'],
  [999_499, '999 KB'],
  [999_500, '1 MB'],
  [26_214_400, '26 MB'],
  [5_000_000_000, '5 GB'],
])('tells %d bytes as %s', (bytes, told) => {
  expect(fileSize(bytes)).toBe(told);
});
