import { expect, it, vi } from 'vitest';
// @ts-expect-error: the files as text, which the test runner reads
import readme from '../README.md?raw';
// @ts-expect-error
import example from './quick-start.js?raw';

it('shows an example that runs', async () => {
  expect(readme).toContain(example);
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const module: string = './quick-start.js';
  await import(module);
  expect(log).toHaveBeenCalledWith(200, 'application/json', '{"status":"ok","bridges":[]}');
});
