import type { FileProof, Message, VisitorActor } from '@pocketping/core';
import * as protocol from '@pocketping/protocol';
import { z } from 'zod';
import {
  changeAnswer,
  connectAnswer,
  healthAnswer,
  messagesAnswer,
  pageFrames,
  sentAnswer,
  uploadAnswer,
  wireAttachment,
  wireIdentity,
  wirePresence,
} from './projection.js';
import type { Answer, Call, Reply, Route } from './route.js';

type VisitorCall = Call & { readonly actor: VisitorActor };

/** A row for visitors: their fields are typed by its schema. */
const visitor = <Schema extends z.ZodType>(
  method: Route['method'],
  path: string,
  row: Pick<Route, 'reads' | 'limit'> & {
    request: Schema;
    answer: (call: VisitorCall, request: z.infer<Schema>) => Promise<Reply>;
  },
): Route => ({ method, path, who: 'visitor', ...row, answer: row.answer as Answer<unknown> });

const ok: Reply = { json: { ok: true } };

/** The signal of a call that waits for nothing. */
const NEVER = new AbortController().signal;

const sent = (message: Message): Reply => ({ json: sentAnswer(message) });

const edit = async ({ engine, actor }: VisitorCall, request: protocol.EditRequest) => ({
  json: changeAnswer(await engine.conversation.edit(actor, request)),
});

const remove = async ({ engine, actor }: VisitorCall, request: protocol.DeleteRequest) => ({
  json: changeAnswer(await engine.conversation.remove(actor, request)),
});

/** The protocol. */
export const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/connect',
    who: 'first_contact',
    reads: 'body',
    limit: 'connect',
    request: protocol.connectRequest,
    answer: async (call, request) => {
      const ip = call.address();
      const from = {
        ...(call.token !== undefined && { token: call.token }),
        ...(ip !== undefined && { ip }),
      };
      return {
        json: connectAnswer(await call.engine.conversation.connect(request as protocol.ConnectRequest, from)),
      };
    },
  },
  visitor('POST', '/message', {
    reads: 'body',
    limit: 'message',
    request: protocol.messageRequest,
    answer: ({ engine, actor }, request) => engine.conversation.send(actor, request).then(sent),
  }),
  visitor('POST', '/upload', {
    reads: 'body',
    limit: 'upload',
    request: protocol.uploadRequest,
    answer: async (call, request) => {
      call.spend('uploadedBytes', request.size);
      const announced = await call.engine.conversation.announce(call.actor, request);
      return { json: uploadAnswer(announced, call.uploadMethod) };
    },
  }),
  ...(['PUT', 'POST'] as const).map((method) =>
    visitor(method, '/upload/:attachmentId', {
      reads: 'stream',
      limit: 'upload',
      request: z.object({ attachmentId: z.string() }),
      answer: async (call, { attachmentId }) => {
        await call.engine.conversation.takeBytes(call.actor, attachmentId, (most) => call.stream(most));
        return ok;
      },
    }),
  ),
  visitor('POST', '/upload/complete', {
    reads: 'body',
    limit: 'upload',
    request: protocol.uploadCompleteRequest,
    answer: async ({ engine, actor }, request) => ({
      json: { attachment: wireAttachment(await engine.conversation.completeUpload(actor, request)) },
    }),
  }),
  {
    method: 'GET',
    path: '/files/:attachmentId',
    who: 'public',
    reads: 'query',
    limit: 'file',
    request: z.object({
      attachmentId: z.string(),
      key: z.string().optional(),
      expires: z.coerce.number().int().optional(),
      signature: z.string().optional(),
    }),
    answer: async ({ engine }, request) => {
      const { attachmentId, ...proof } = request as { attachmentId: string } & FileProof;
      return { file: await engine.conversation.openFile(attachmentId, proof) };
    },
  },
  visitor('GET', '/messages', {
    reads: 'query',
    limit: 'history',
    request: protocol.messagesQuery,
    answer: async ({ engine, actor }, query) => ({
      json: messagesAnswer(await engine.conversation.messages(actor, query)),
    }),
  }),
  visitor('GET', '/events', {
    reads: 'query',
    limit: 'history',
    request: protocol.eventsQuery,
    answer: async (call, query) => {
      const page = await call.engine.conversation.events(
        call.actor,
        query,
        query.wait > 0 ? call.wait() : NEVER,
      );
      return { json: { events: pageFrames(page, query.sessionId), seq: page.seq, hasMore: page.hasMore } };
    },
  }),
  visitor('PATCH', '/message/:messageId', {
    reads: 'body',
    limit: 'change',
    request: protocol.editRequest,
    answer: edit,
  }),
  visitor('POST', '/edit', { reads: 'body', limit: 'change', request: protocol.editRequest, answer: edit }),
  visitor('DELETE', '/message/:messageId', {
    reads: 'either',
    limit: 'change',
    request: protocol.deleteRequest,
    answer: remove,
  }),
  visitor('POST', '/delete', {
    reads: 'body',
    limit: 'change',
    request: protocol.deleteRequest,
    answer: remove,
  }),
  visitor('POST', '/read', {
    reads: 'body',
    limit: 'read',
    request: protocol.readRequest,
    answer: async ({ engine, actor }, request) => {
      await engine.conversation.read(actor, request);
      return ok;
    },
  }),
  visitor('POST', '/typing', {
    reads: 'body',
    limit: 'typing',
    request: protocol.typingRequest,
    answer: async ({ engine, actor }, request) => {
      await engine.conversation.type(actor, request);
      return ok;
    },
  }),
  visitor('POST', '/event', {
    reads: 'body',
    limit: 'event',
    request: protocol.eventRequest,
    answer: async ({ engine, actor }, request) => {
      await engine.conversation.trigger(actor, request);
      return ok;
    },
  }),
  visitor('POST', '/identify', {
    reads: 'body',
    limit: 'session',
    request: protocol.identifyRequest,
    answer: async ({ engine, actor }, request) => ({
      json: { identity: wireIdentity(await engine.conversation.identify(actor, request)) },
    }),
  }),
  visitor('POST', '/disconnect', {
    reads: 'body',
    limit: 'session',
    request: protocol.disconnectRequest,
    answer: async ({ engine, actor }, { sessionId }) => {
      await engine.conversation.leave(actor, sessionId);
      return ok;
    },
  }),
  visitor('GET', '/stream', {
    reads: 'query',
    limit: 'stream',
    request: protocol.streamQuery,
    answer: async (_call, query) => ({ follow: query }),
  }),
  {
    method: 'GET',
    path: '/presence',
    who: 'public',
    reads: 'nothing',
    limit: 'public',
    answer: async ({ engine }) => ({ json: wirePresence(await engine.conversation.presence()) }),
  },
  {
    method: 'POST',
    path: '/webhooks/:bridge',
    who: 'public',
    reads: 'path',
    limit: 'webhook',
    request: z.object({ bridge: z.string() }),
    answer: async (call, request) => {
      const { bridge } = request as { bridge: string };
      return { plain: await call.engine.webhook(bridge, call.raw(protocol.LIMITS.webhookBytes)) };
    },
  },
  {
    method: 'GET',
    path: '/health',
    who: 'public',
    reads: 'nothing',
    limit: 'public',
    answer: async ({ engine }) => {
      const health = await engine.health();
      return { status: health.status === 'down' ? 503 : 200, json: healthAnswer(health) };
    },
  },
];
