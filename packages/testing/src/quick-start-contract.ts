import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from './free-port.js';

export interface QuickStart {
  /** The test's folder: `quick-start.js` lies in it, `README.md` in the one above. */
  readonly directory: string;
  /** Imports `quick-start.js`, which listens on `PORT` and stops at `SIGTERM`. */
  load(): Promise<unknown>;
}

/** The example that an adapter's README shows is the one that runs here. */
export const quickStartContract = ({ directory, load }: QuickStart): void => {
  it('shows an example that runs, and stops when it is told to', async () => {
    const readme = readFileSync(`${directory}/../README.md`, 'utf8');
    expect(readme).toContain(readFileSync(`${directory}/quick-start.js`, 'utf8'));

    const port = await freePort();
    process.env.PORT = `${port}`;
    onTestFinished(() => {
      delete process.env.PORT;
    });
    const before = process.listeners('SIGTERM');
    await load();
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
};
