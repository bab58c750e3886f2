import type { Clock } from '../telegram/clock.js';
import { type FaultKind, type Faults, kindsOf } from '../telegram/faults.js';
import type { Params } from '../telegram/params.js';
import type { Reply } from '../telegram/reply.js';
import { undergo } from '../telegram/undergo.js';
import { checkedBlocks } from './blocks.js';
import { SlackApiError } from './errors.js';
import { methodNamed } from './methods/index.js';
import { type MethodContext, metadataIn } from './methods/method.js';
import { json, plain, refusal, webApiWords, webhookWords } from './reply.js';

/** A call that reached the API, with the parameters as the client sent them. */
export interface SlackCall {
  /** `incoming-webhook` for a post through one. */
  readonly method: string;
  readonly params: Params;
  /** Unix time in milliseconds. */
  readonly at: number;
  /** The fault that struck it, if any; the first of several that struck together. */
  readonly fault?: FaultKind;
}

export interface ApiDependencies {
  readonly context: MethodContext;
  readonly faults: Faults;
  readonly called: (call: SlackCall) => void;
  /** Resolves when what a call has changed is in the file; absent where nothing is kept. */
  readonly written: (() => Promise<void>) | undefined;
  readonly clock: Clock;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

export interface ApiRequest {
  readonly method: string;
  readonly authorization: string | undefined;
  /** @throws SlackApiError for a body that cannot be read */
  readonly params: () => Promise<Params>;
  /** Aborted when the client hangs up or the emulator closes. */
  readonly signal: AbortSignal;
}

/** What stands for the method where something is posted through an incoming webhook. */
export const INCOMING_WEBHOOK = 'incoming-webhook';

/** Answers a call as Slack does, or as the fault that strikes it demands. Never rejects. */
export async function answer(api: ApiDependencies, request: ApiRequest): Promise<Reply> {
  const { method, signal } = request;
  const isWebhook = method === INCOMING_WEBHOOK;
  try {
    const params = await request.params();
    const fault = api.faults.take(method);
    const [kind] = fault ? kindsOf(fault) : [];
    api.called({ method, params, at: api.clock.now(), ...(kind && { fault: kind }) });
    const call = async () => {
      const reply = isWebhook ? throughWebhook(api, params) : invoke(api, request, params);
      await api.written?.();
      return reply;
    };
    return await undergo(fault, call, api.clock, signal, isWebhook ? webhookWords : webApiWords);
  } catch (error) {
    return isWebhook ? plain('invalid_payload', 400) : refusal(error);
  }
}

/** @see https://docs.slack.dev/apis/web-api */
function invoke({ context }: ApiDependencies, request: ApiRequest, params: Params): Reply {
  try {
    const entry = methodNamed(request.method);
    if (!entry) throw new SlackApiError('unknown_method', { req_method: request.method });
    const { secrets, scopes } = context.state;
    checkToken(tokenOf(request, params), entry.app ? secrets.appToken : secrets.botToken, secrets);
    const { scopes: accepted = [] } = entry;
    const provided = scopes.join(',');
    if (accepted.length > 0 && !accepted.some((scope) => scopes.includes(scope))) {
      throw new SlackApiError('missing_scope', { needed: accepted.join(','), provided });
    }
    const headers = entry.app
      ? { 'x-oauth-scopes': 'connections:write' }
      : { 'x-oauth-scopes': provided, 'x-accepted-oauth-scopes': accepted.join(',') };
    return json({ ok: true, ...entry.method(context, params) }, { headers });
  } catch (error) {
    return refusal(error);
  }
}

const tokenOf = ({ authorization }: ApiRequest, params: Params): string | undefined =>
  /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ??
  (params.token === undefined ? undefined : String(params.token));

function checkToken(
  token: string | undefined,
  wanted: string,
  { botToken, appToken }: { readonly botToken: string; readonly appToken: string },
): void {
  if (token === undefined) throw new SlackApiError('not_authed');
  if (token === wanted) return;
  throw new SlackApiError(
    token === botToken || token === appToken ? 'not_allowed_token_type' : 'invalid_auth',
  );
}

/** @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors */
function throughWebhook({ context }: ApiDependencies, params: Params): Reply {
  const room = context.workspace.room(context.state.channelId);
  if (!room) return plain('channel_not_found', 404);
  if (room.channel.isArchived) return plain('channel_is_archived', 410);
  const text = typeof params.text === 'string' ? params.text : '';
  try {
    const blocks = checkedBlocks(params.blocks);
    const metadata = metadataIn(params);
    if (text === '' && !blocks?.length) return plain('no_text', 400);
    room.post({
      userId: context.state.app.botUserId,
      byWebhook: true,
      text,
      ...(blocks?.length && { blocks }),
      ...(params.mrkdwn === false && { mrkdwn: false as const }),
      ...(metadata && { metadata }),
      threadTs: typeof params.thread_ts === 'string' ? params.thread_ts : undefined,
    });
    return plain('ok', 200);
  } catch (error) {
    if (error instanceof SlackApiError) return plain(error.error, 400);
    throw error;
  }
}
