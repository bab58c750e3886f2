import { describe, expect, it } from 'vitest';
import { type BridgeContract, opened, said, startedBridge } from './fixture.js';

/** A bridge that only posts. */
export const describeSilence = (contract: BridgeContract): void => {
  describe('a bridge that only posts', () => {
    const fixture = startedBridge(contract);

    it('has nothing that needs an ear', () => {
      const { webhook, catchUp, gestures = [] } = fixture().bridge;
      expect({ webhook, catchUp, gestures }).toEqual({ gestures: [] });
    });

    it('starts and stops as often as it is asked to, and posts in between', async () => {
      const { bridge, host, platform } = fixture();
      await bridge.stop();
      await bridge.stop();
      await bridge.start(host);
      const thread = await opened(fixture());
      await said(fixture(), thread, 'hello again');
      expect((await platform.messages(thread)).at(-1)?.text).toContain('hello again');
      expect(host.received).toEqual([]);
    });
  });
};
