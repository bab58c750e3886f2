import { type Mirror, PocketPingError } from '@pocketping/core';
import * as protocol from '@pocketping/protocol';
import type { z } from 'zod';
import { wireAttachment } from '../projection.js';
import type { Call, Reply, Route } from '../route.js';
import { takenAnswer } from './projection.js';
import { resumeTeamFrom, streamTeam } from './stream.js';

type BackendCall = Call & { readonly mirror: Mirror };

/** A row for backends: their fields are typed by its schema. */
const backend = <Schema extends z.ZodType>(
  method: Route['method'],
  path: string,
  reads: Route['reads'],
  request: Schema,
  answer: (call: BackendCall, request: z.infer<Schema>) => Promise<Reply>,
): Route => ({
  method,
  path: `/api${path}`,
  who: 'backend',
  reads,
  limit: 'backend',
  request: request as z.ZodType<unknown>,
  answer: (call, fields) => answer(withMirror(call), fields as z.infer<Schema>),
});

const withMirror = (call: Call): BackendCall => {
  const { mirror } = call.engine;
  if (!mirror) throw new PocketPingError('not_found', 'There is no such route.');
  return Object.assign(call, { mirror });
};

const take = async ({ mirror }: BackendCall, event: protocol.BridgeEvent): Promise<Reply> => ({
  json: takenAnswer(await mirror.take(event)),
});

/** The bridge API: for backends whose conversations the bridges here show. */
export const bridgeRoutes: readonly Route[] = [
  backend('POST', '/events', 'body', protocol.bridgeEvent, take),
  backend('POST', '/sessions', 'body', protocol.mirrorSessionRequest, (call, { origin, ...session }) =>
    take(call, { type: 'new_session', origin, session }),
  ),
  backend('POST', '/messages', 'body', protocol.mirrorMessageRequest, (call, request) => {
    const { origin, sessionId, sender, senderName, isNote, ...message } = request;
    const about = { origin, sessionId };
    if (sender === 'visitor') return take(call, { type: 'visitor_message', ...about, message });
    const said = { ...message, sender, isNote, ...(senderName !== undefined && { senderName }) };
    return take(call, { type: 'operator_message', ...about, message: said });
  }),
  backend(
    'GET',
    '/messages/:messageId',
    'query',
    protocol.mirroredMessageQuery,
    async ({ mirror }, query) => ({
      json: takenAnswer(await mirror.said(query)),
    }),
  ),
  backend('POST', '/operator/status', 'body', protocol.operatorStatusRequest, (call, request) =>
    take(call, { type: 'operator_status', ...request }),
  ),
  backend('POST', '/custom-events', 'body', protocol.mirrorCustomEventRequest, (call, request) => {
    const { name, data, ...about } = request;
    const event = { name, ...(data !== undefined && { data }) };
    return take(call, { type: 'custom_event', ...about, event });
  }),
  backend('POST', '/disconnect', 'body', protocol.mirrorDisconnectRequest, (call, request) =>
    take(call, { type: 'session_ended', ...request }),
  ),
  backend('GET', '/events/stream', 'query', protocol.bridgeStreamQuery, async (call, query) => {
    const from = resumeTeamFrom(query, call.raw(0).headers);
    const { mirror, engine, bufferBytes } = call;
    return {
      events: (sink, signal) => streamTeam({ mirror, clock: engine.clock, bufferBytes }, from, sink, signal),
    };
  }),
  backend(
    'PUT',
    '/attachments/:attachmentId',
    'stream',
    protocol.bringAttachmentQuery,
    async (call, query) => {
      const size = query.size ?? Number(call.raw(0).headers['content-length'] ?? Number.NaN);
      if (!(size >= 1)) {
        throw new PocketPingError(
          'validation_failed',
          'Say how many bytes the file has: as Content-Length, or as ?size=… where it is streamed.',
        );
      }
      const attachment = await call.mirror.bringFile({ ...query, size }, (most) => call.stream(most));
      return { json: { attachment: wireAttachment(attachment) } };
    },
  ),
  backend(
    'GET',
    '/attachments/:attachmentId',
    'query',
    protocol.fetchAttachmentQuery,
    async (call, query) => ({
      file: await call.mirror.openFile(query),
    }),
  ),
];
