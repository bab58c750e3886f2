import {
  MemoryFileStore,
  MemoryStorage,
  PocketPing,
  PocketPingError,
  type PocketPingOptions,
} from '@pocketping/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordingLogger } from '../../src/logger.js';
import { FakeBridge } from './fake-bridge.js';

/** As plain JavaScript has it: nobody looks at types. */
const engine = (options: object) => {
  const logger = recordingLogger();
  const pp = new PocketPing({ logger, ...options } as PocketPingOptions);
  onTestFinished(() => pp.stop());
  return { pp, warnings: () => logger.lines.map(({ message }) => message) };
};

class PigeonBridge {}

const SECRET = 'x'.repeat(30);

describe('an option that cannot work', () => {
  it.each<[object, string]>([
    [
      { bridge: 'pigeon' },
      'bridge is a text, and no bridge: pass an object with start, stop, open, render, post, answer.',
    ],
    [{ bridge: PigeonBridge }, 'bridge is the class PigeonBridge: pass what new PigeonBridge(…) makes.'],
    [
      { bridge: () => {} },
      'bridge is a function, and no bridge: pass an object with start, stop, open, render, post, answer.',
    ],
    [{ bridge: { start() {}, stop() {} } }, 'bridge is no bridge: it has no open, render, post, answer.'],
    [{ bridges: new FakeBridge() }, 'bridges must be a list of bridges, but is an object.'],
    [
      { bridges: [new FakeBridge(), null] },
      'bridges[1] is null, and no bridge: pass an object with start, stop, open, render, post, answer.',
    ],
    [{ broker: {} }, 'broker is no broker: it has no publish, subscribe, close.'],
    [
      { files: '/var/files' },
      'files is a text, and no store of files: pass an object with write, open, size, remove.',
    ],
    [
      { files: MemoryFileStore },
      'files is the class MemoryFileStore: pass what new MemoryFileStore(…) makes.',
    ],
    [
      { logger: console.log },
      'logger is a function, and no logger: pass an object with debug, info, warn, error.',
    ],
    [{ clock: Date }, 'clock is the class Date: pass what new Date(…) makes.'],
    [{ welcomeMessage: ['Hi'] }, 'welcomeMessage must be a text, but is a list.'],
    [{ publicUrl: 80 }, 'publicUrl must be a text, but is 80.'],
    [
      { bridge: Symbol('pigeon') },
      'bridge is Symbol(pigeon), and no bridge: pass an object with start, stop, open, render, post, answer.',
    ],
    [{ storage: MemoryStorage }, 'storage is the class MemoryStorage: pass what new MemoryStorage(…) makes.'],
    [
      { storage: 'chat.db' },
      'storage is a text, and no storage: pass what its package makes, or one of your own.',
    ],
    [{ welcomeMessage: 5n }, 'welcomeMessage must be a text, but is 5n.'],
    [{ commands: [null] }, 'commands[0] must be an object with options, but is null.'],
    [{ uploads: ['x'] }, 'uploads must be an object with options, but is a list.'],
    [{ uploads: 25 }, 'uploads must be an object with options, but is 25.'],
    [{ quietEvents: 'viewed' }, 'quietEvents must be a list of names of events, but is a text.'],
    [{ quietEvents: ['viewed', 7] }, 'quietEvents[1] must be a text, but is 7.'],
    [{ commands: {} }, 'commands must be a list of commands, but is an object.'],
    [{ onMessage: 'log' }, 'onMessage: the handler must be a function, but is string.'],
  ])('is refused, with what it has to be: %o', (options, message) => {
    expect(() => new PocketPing(options as PocketPingOptions)).toThrow(
      new PocketPingError('validation_failed', message),
    );
  });

  it('is not there where it is undefined or null, as a condition makes it', () => {
    const none = {
      bridge: null,
      bridges: undefined,
      storage: null,
      files: null,
      onMessage: null,
      broker: undefined,
    };
    expect(engine(none).warnings()).toEqual([expect.stringContaining('kept in memory')]);
  });

  it('is refused where a bridge comes later, too, and changes nothing', () => {
    const { pp } = engine({});
    expect(() => pp.addBridge({ name: 'pigeon' } as FakeBridge)).toThrow(
      'the bridge is no bridge: it has no start, stop, open, render, post, answer.',
    );
    expect(pp.connectedBridges).toEqual([]);
  });

  it.each([
    { bridge: SECRET },
    { bridge: { token: SECRET } },
    { bridges: { token: SECRET } },
    { storage: `redis://user:${SECRET}@example.com` },
    { uploads: [SECRET] },
  ])('shows nothing of what may be secret', (options) => {
    const refused = () => new PocketPing(options as unknown as PocketPingOptions);
    expect(refused).toThrow(PocketPingError);
    expect(refused).not.toThrow(SECRET);
  });
});

describe('a name that is no option', () => {
  it.each([
    ['onMesage', 'onMesage is no option and changes nothing: onMessage is meant? Rename it, or remove it.'],
    [
      'welcomemessage',
      'welcomemessage is no option and changes nothing: welcomeMessage is meant? Rename it, or remove it.',
    ],
    [
      'onSessionstarted',
      'onSessionstarted is no option and changes nothing: onSessionStart is meant? Rename it, or remove it.',
    ],
    ['aiProvider', 'aiProvider is no option and changes nothing: remove it.'],
  ])('is a warning that says what may be meant: %s', (name, warning) => {
    expect(engine({ [name]: () => {} }).warnings()[0]).toBe(warning);
  });

  it('says nothing where it is undefined', () => {
    expect(engine({ onMesage: undefined }).warnings()).toEqual([expect.stringContaining('kept in memory')]);
  });
});
