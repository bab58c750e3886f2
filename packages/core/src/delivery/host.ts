import type { Engine } from '../engine.js';
import { BridgeError, PocketPingError } from '../errors.js';
import { receive } from '../operators/receive.js';
import type { Bridge, BridgeHost, Inbound } from '../ports/index.js';
import type { Braking } from './braking.js';
import type { CatchingUp } from './catching-up.js';

/** What the engine gives a bridge that it starts. */
export const createHost = (
  engine: Engine,
  bridge: Bridge,
  { braking, catchingUp, wake }: Listening,
): BridgeHost => ({
  logger: engine.logger,
  clock: engine.clock,
  commands: engine.commands.typeable(bridge),
  receive: (inbound) => catchingUp.receive(inbound),
  typing: (thread, operator) => {
    void engine.storage
      .thread({ bridge: bridge.name, ...thread })
      .then((found) => {
        if (!found) return;
        const signal = { type: 'typing', sender: 'operator', name: operator.name, isTyping: true } as const;
        engine.hub.signal(found.sessionId, signal);
        engine.feed.typing({ sessionId: found.sessionId, name: operator.name });
      })
      .catch((err: unknown) => engine.logger.debug({ err, bridge: bridge.name }, 'typing was not shown'));
  },
  broken: (error) => {
    braking.broken(
      BridgeError.isInstance(error) ? error : new BridgeError('unavailable', String(error), { cause: error }),
    );
  },
  healed: () => {
    const wasDeaf = braking.isDeaf;
    braking.healed();
    if (wasDeaf) catchingUp.missed();
    wake();
  },
  missed: () => catchingUp.missed(),
});

/** What a runner does with what its bridge tells. */
interface Listening {
  readonly braking: Braking;
  readonly catchingUp: CatchingUp;
  readonly wake: () => void;
}

/** Takes what happened on a bridge; what can never be taken is logged and passed over. */
export const takeFrom =
  (engine: Engine, bridge: Bridge) =>
  async (inbound: Inbound): Promise<void> => {
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
  };
