import { TelegramBridge } from '@pocketping/bridge-telegram';
import { type BridgeHealth, MemoryStorage, PocketPing, type StoragePort } from '@pocketping/core';
import { TelegramEmulator } from '@pocketping/emulators';
import { recordingLogger } from '@pocketping/testing';
import { type Random, randomFrom } from '../random.js';
import { type SimulatedClock, simulatedClock, turnsTaken } from '../simulator/clock.js';
import { withSeededGlobals } from '../simulator/seeded-globals.js';

const START = Date.UTC(2026, 0, 21, 9);
const STOPPING_MS = 95_000;

/** The real bridge with its real client, the emulated platform with its documented limits, and time that a trial moves. */
export interface World {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly telegram: TelegramEmulator;
  readonly pp: PocketPing;
  readonly storage: StoragePort;
  readonly logger: ReturnType<typeof recordingLogger>;
  health(): Promise<BridgeHealth>;
}

/** Lets a trial happen in a world of its own, whose chance comes from the seed, and ends that world. */
export const inWorld = <T>(seed: number, trial: (world: World) => Promise<T>): Promise<T> => {
  const random = randomFrom(seed);
  return withSeededGlobals(random.fork(), async () => {
    const clock = simulatedClock(START, turnsTaken);
    const telegram = await TelegramEmulator.start({ listen: false, limits: true, clock, seed });
    const { botToken, forumChatId, apiRoot, fetch } = telegram;
    const bridge = new TelegramBridge({ botToken, forumChatId, apiRoot, client: { fetch } });
    const logger = recordingLogger();
    const storage = new MemoryStorage({ clock });
    const pp = new PocketPing({ clock, logger, storage, bridge });
    const health = async () => {
      const [only] = (await pp.health()).bridges;
      if (!only) throw new Error('the engine has no bridge');
      return only;
    };
    try {
      await pp.start();
      return await trial({ clock, random, telegram, pp, storage, logger, health });
    } finally {
      const stopped = pp.stop();
      await clock.advance(STOPPING_MS);
      await stopped;
      await telegram.close();
    }
  });
};
