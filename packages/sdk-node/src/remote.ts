import { RemoteBridge } from '@pocketping/bridge-remote';
import type { Logger } from '@pocketping/core';
import type { PocketPingConfig } from './config.js';

/** The bridges of the server at `bridgeUrl`, if there is one. @throws BridgeError `misconfigured`, saying what to change */
export const remoteBridges = ({ bridgeUrl, apiKey }: PocketPingConfig): RemoteBridge[] =>
  isGiven(bridgeUrl) ? [new RemoteBridge({ bridgeUrl, apiKey })] : [];

/** Says so where a server was meant and none is used: an unset variable would go unnoticed until somebody waits for an answer. */
export const warnOfNoServer = (config: PocketPingConfig, logger: Logger): void => {
  if (isGiven(config.bridgeUrl)) return;
  const others = config.bridge !== undefined || (config.bridges ?? []).length > 0;
  const outcome = others
    ? 'the team is reached by the other bridges only'
    : 'nobody of the team sees what visitors write';
  if ('bridgeUrl' in config) {
    logger.warn(
      {},
      `bridgeUrl is ${config.bridgeUrl === undefined ? 'undefined' : 'empty'}, so ${outcome}. Is the variable set that it comes ` +
        'from, e.g. BRIDGE_URL=http://localhost:3001?',
    );
  } else if (config.apiKey !== undefined) {
    logger.warn(
      {},
      `apiKey is given without a bridgeUrl, so ${outcome}. Pass the address of the server, too.`,
    );
  }
};

const isGiven = (bridgeUrl: string | undefined): boolean =>
  bridgeUrl !== undefined && bridgeUrl !== null && `${bridgeUrl}`.trim() !== '';
