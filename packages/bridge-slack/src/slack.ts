import { BridgeError } from '@pocketping/core';
import { type FetchFunction, type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { type FailedCall, toBridgeError } from './errors.js';
import type { BotSettings } from './settings.js';

type Request<T> = (web: WebClient) => Promise<T>;

/** The Web API, one request at a time: no retries, no queues, and failures in the engine's words. */
export interface Slack {
  /**
   * A request that may be repeated without anybody noticing.
   * @throws BridgeError never `uncertain`
   */
  ask<T>(request: Request<T>, signal: AbortSignal): Promise<T>;
  /**
   * A request whose effect people see.
   * @throws BridgeError
   */
  act<T>(request: Request<T>, signal: AbortSignal): Promise<T>;
}

export const slack = (settings: BotSettings): Slack => {
  const { botToken, channelId } = settings;
  const send = async <T>(effect: boolean, request: Request<T>, signal: AbortSignal): Promise<T> => {
    if (signal.aborted) throw new BridgeError('unavailable', 'Given up before anything was sent to Slack.');
    try {
      // A client per request: a signal can only be given to a client as a whole.
      return await request(new WebClient(botToken, clientOptions(settings, signal)));
    } catch (error) {
      const call: FailedCall = { effect, token: 'botToken', channelId, secrets: secretsOf(settings) };
      throw toBridgeError(error, call);
    }
  };
  return {
    ask: (request, signal) => send(false, request, signal),
    act: (request, signal) => send(true, request, signal),
  };
};

export const secretsOf = ({ botToken, ear }: BotSettings): string[] => [
  botToken,
  ear.kind === 'socket' ? ear.appToken : ear.signingSecret,
];

/** Milliseconds that a request may take, in case its signal never comes. */
const PATIENCE_MS = 15_000;

export const clientOptions = ({ apiUrl, fetch }: BotSettings, signal: AbortSignal): WebClientOptions => ({
  slackApiUrl: apiUrl,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: PATIENCE_MS,
  allowAbsoluteUrls: false,
  logger: silence,
  fetch: ((url, init) =>
    fetch(url, {
      ...(init as RequestInit),
      signal: init?.signal ? AbortSignal.any([signal, init.signal as AbortSignal]) : signal,
    })) as FetchFunction,
});

/** What the client would say holds what was sent; the engine logs failures itself. */
export const silence: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};
