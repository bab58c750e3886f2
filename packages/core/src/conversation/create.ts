import { openFile } from '../attachments/open.js';
import { announce, complete, takeBytes } from '../attachments/upload.js';
import type { Engine } from '../engine.js';
import { trigger } from '../events/trigger.js';
import { follow } from '../log/following.js';
import { authenticate } from './authenticate.js';
import { connect } from './connect.js';
import type { Conversation } from './conversation.js';
import { edit, remove } from './edit.js';
import { events, messages } from './history.js';
import { identify } from './identify.js';
import { leave } from './leave.js';
import { read } from './read.js';
import { send } from './send.js';
import { sessionOf } from './session-of.js';

/** The visitor's use cases over an engine; `ready` resolves when the engine runs. */
export const createConversation = (engine: Engine, ready: () => Promise<void> | undefined): Conversation => {
  /** The first use starts the engine; afterwards this costs nothing. */
  const when = <T>(run: () => Promise<T>): Promise<T> => {
    const starting = ready();
    return starting ? starting.then(run) : run();
  };
  return {
    authenticate: (token) => engine.tokens.get(token) ?? when(() => authenticate(engine, token)),
    connect: (request, from) => when(() => connect(engine, request, from)),
    announce: (actor, request) => when(() => announce(engine, actor, request)),
    takeBytes: (actor, id, open) => when(() => takeBytes(engine, actor, id, open)),
    completeUpload: (actor, request) => when(() => complete(engine, actor, request)),
    openFile: (id, proof) => when(() => openFile(engine, id, proof)),
    send: (actor, request) => when(() => send(engine, actor, request)),
    edit: (actor, request) => when(() => edit(engine, actor, request)),
    remove: (actor, request) => when(() => remove(engine, actor, request)),
    read: (actor, request) => when(() => read(engine, actor, request)),
    type: (actor, request) =>
      when(async () => {
        const session = await sessionOf(engine, actor, request.sessionId);
        if (request.isTyping && session.status === 'open') engine.showTyping(session.id);
      }),
    trigger: (actor, request) => when(() => trigger(engine, actor, request)),
    identify: (actor, request) => when(() => identify(engine, actor, request)),
    leave: (actor, sessionId) => when(() => leave(engine, actor, sessionId)),
    messages: (actor, query) => when(() => messages(engine, actor, query)),
    events: (actor, query, signal) => when(() => events(engine, actor, query, signal)),
    follow: (actor, from, follower) =>
      when(async () => {
        await sessionOf(engine, actor, from.sessionId);
        return follow(engine, from, follower);
      }),
    presence: () => when(async () => engine.presence.current()),
  };
};
