import type { Engine } from '../engine.js';
import { BridgeError, PocketPingError } from '../errors.js';
import { typeable } from '../operators/commands/registry.js';
import { receive } from '../operators/receive.js';
import type { Bridge, BridgeHost } from '../ports/index.js';
import type { Braking } from './braking.js';

/** What the engine gives a bridge that it starts. */
export const createHost = (
  engine: Engine,
  bridge: Bridge,
  braking: Braking,
  wake: () => void,
): BridgeHost => ({
  logger: engine.logger,
  clock: engine.clock,
  commands: typeable(bridge),
  receive: async (inbound) => {
    try {
      await receive(engine, bridge, inbound);
    } catch (err) {
      if (!PocketPingError.isInstance(err) || err.retryable) throw err;
      // It would fail in the same way for ever, and hold up everything behind it.
      engine.logger.error(
        { err, bridge: bridge.name, kind: inbound.kind },
        'passed over what cannot be taken',
      );
    }
  },
  typing: (thread, operator) => {
    void engine.storage
      .thread({ bridge: bridge.name, ...thread })
      .then((found) => {
        if (!found) return;
        const signal = { type: 'typing', sender: 'operator', name: operator.name, isTyping: true } as const;
        engine.hub.signal(found.sessionId, signal);
      })
      .catch((err: unknown) => engine.logger.debug({ err, bridge: bridge.name }, 'typing was not shown'));
  },
  broken: (error) => {
    braking.broken(
      BridgeError.isInstance(error) ? error : new BridgeError('unavailable', String(error), { cause: error }),
    );
  },
  healed: () => {
    braking.healed();
    wake();
  },
  missed: () => wake(),
});
