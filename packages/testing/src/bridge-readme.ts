import { PocketPing } from '@pocketping/core';
import { onTestFinished } from 'vitest';
import { recordingLogger } from './logger.js';

/** What the code of a README may name: what it imports from the bridge's package, and what it reads from the environment. */
export interface ReadmeNames {
  /** By name, e.g. the bridge's class, or one that goes to an emulator instead. */
  readonly imports: Readonly<Record<string, unknown>>;
  /** `process.env`. */
  readonly env: Readonly<Record<string, string>>;
}

/** A bridge's README, so that tests can hold it to what it says. */
export interface BridgeReadme {
  readonly text: string;
  /** The options that its tables name, in order. */
  options(): string[];
  /**
   * Runs its first block of JavaScript as it stands: an engine called `pocketping`, which logs nothing and stops when the test
   * has finished.
   */
  runExample(names: ReadmeNames): Promise<PocketPing>;
  /** What its other blocks that consist of `const bridge = …` make. */
  otherBridges(names: ReadmeNames): unknown[];
}

/**
 * @param text the README
 * @example
 * const readme = bridgeReadme(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));
 * const pocketping = await readme.runExample({ imports: { PigeonBridge }, env: { PIGEON_TOKEN: 'x' } });
 */
export const bridgeReadme = (text: string): BridgeReadme => ({
  text,
  options: () => [...text.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name as string),
  runExample: async (names) => {
    const [, code = ''] = /```js\n(.*?)```/s.exec(text) ?? [];
    const body = `${code.replace(/^import .*$/gm, '')}\nreturn pocketping;`;
    const all = { PocketPing: Unheard, ...given(names) };
    const pocketping = (await new AsyncFunction(...Object.keys(all), body)(
      ...Object.values(all),
    )) as PocketPing;
    onTestFinished(() => pocketping.stop());
    return pocketping;
  },
  otherBridges: (names) =>
    [...text.matchAll(/^const bridge = (new \w+\(.*?\));\n```/gms)].map(([, code]) =>
      new Function(...Object.keys(given(names)), `return ${code}`)(...Object.values(given(names))),
    ),
});

const given = ({ imports, env }: ReadmeNames) => ({ ...imports, process: { env } });

class Unheard extends PocketPing {
  constructor(options: ConstructorParameters<typeof PocketPing>[0]) {
    super({ ...options, logger: recordingLogger() });
  }
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;
