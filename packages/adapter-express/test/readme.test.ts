import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

it('shows an example that runs, and stops when it is told to', async () => {
  const readme = readFileSync(`${import.meta.dirname}/../README.md`, 'utf8');
  expect(readme).toContain(readFileSync(`${import.meta.dirname}/quick-start.js`, 'utf8'));

  const port = await freePort();
  process.env.PORT = `${port}`;
  onTestFinished(() => {
    delete process.env.PORT;
  });
  const before = process.listeners('SIGTERM');
  const example: string = './quick-start.js';
  await import(example);
  const response = await fetch(`http://127.0.0.1:${port}/pocketping/connect`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ visitorId: 'v' }),
  });
  expect(await response.json()).toMatchObject({ welcomeMessage: 'Hi! How can we help?' });

  const [stop] = process.listeners('SIGTERM').filter((listener) => !before.includes(listener));
  await stop?.('SIGTERM');
  await expect(fetch(`http://127.0.0.1:${port}/pocketping/health`)).rejects.toThrow();
});
