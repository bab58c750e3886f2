import { describe } from 'vitest';
import { describeAccess } from './http-contract/access.js';
import { describeBadInput } from './http-contract/bad-input.js';
import { describeBadSockets } from './http-contract/bad-sockets.js';
import { describeBodies } from './http-contract/bodies.js';
import { describeConversation } from './http-contract/conversation.js';
import { describeEvents } from './http-contract/events.js';
import { describeFiles } from './http-contract/files.js';
import { describeHistory } from './http-contract/history.js';
import { describeHttp } from './http-contract/http.js';
import { describeLimits } from './http-contract/limits.js';
import { describeOrigins } from './http-contract/origins.js';
import { describeProxied } from './http-contract/proxied.js';
import { describeRepeatedEvents } from './http-contract/repeated-events.js';
import { describeShutdown } from './http-contract/shutdown.js';
import { describeSlowReaders } from './http-contract/slow-readers.js';
import { describeStreams } from './http-contract/streams.js';
import type { HttpContract } from './http-contract/subject.js';
import { describeTeam } from './http-contract/team.js';
import { describeToldEvents } from './http-contract/told-events.js';
import { describeTooManyEvents } from './http-contract/too-many-events.js';
import { describeWebhooks } from './http-contract/webhooks.js';

export type { HttpContract, Served, ServedEngine, ServeOptions } from './http-contract/subject.js';

/**
 * What every HTTP adapter must do, over real connections.
 *
 * @example
 * httpContract({
 *   name: 'node:http',
 *   serve: async (engine, options) => {
 *     const handler = createHandler(engine, options);
 *     const server = createServer(handler.handle);
 *     handler.attach(server);
 *     …
 *     return { url: `http://127.0.0.1:${port}/pocketping`, close };
 *   },
 * });
 */
export const httpContract = (contract: HttpContract): void => {
  describe(`${contract.name} keeps the HTTP contract`, () => {
    describeConversation(contract);
    describeHistory(contract);
    describeStreams(contract);
    describeSlowReaders(contract);
    describeAccess(contract);
    describeTeam(contract);
    describeBadInput(contract);
    describeBodies(contract);
    if (contract.webSockets !== false) describeBadSockets(contract);
    describeWebhooks(contract);
    describeEvents(contract);
    describeToldEvents(contract);
    describeTooManyEvents(contract);
    describeRepeatedEvents(contract);
    describeFiles(contract);
    describeHttp(contract);
    describeProxied(contract);
    describeOrigins(contract);
    describeLimits(contract);
    describeShutdown(contract);
  });
};
