import { createHmac } from 'node:crypto';
import { newId, type WorkspaceState } from './state.js';
import type { SlackEvent } from './types.js';

/** What an event travels in. @see https://docs.slack.dev/apis/events-api#callback-field */
export const callbackFor = (
  state: WorkspaceState,
  event: SlackEvent,
  nowMs: number,
  eventId = newEventId(state),
) => ({
  token: 'one-long-verification-token',
  team_id: state.team.id,
  context_team_id: state.team.id,
  context_enterprise_id: null,
  api_app_id: state.app.id,
  event,
  type: 'event_callback',
  event_id: eventId,
  event_time: Math.floor(nowMs / 1000),
  authorizations: [
    {
      enterprise_id: null,
      team_id: state.team.id,
      user_id: state.app.botUserId,
      is_bot: true,
      is_enterprise_install: false,
    },
  ],
  is_ext_shared_channel: false,
  event_context: `4-${state.team.id}-${event.event_ts}`,
});

export type Callback = ReturnType<typeof callbackFor>;

const newEventId = (state: WorkspaceState): string => newId(state, 'Ev');

/**
 * JSON as the platform writes it: slashes are escaped, and so is everything that is not ASCII. A body that is parsed and
 * written anew has another signature.
 */
export const slackJson = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signatureOf = (signingSecret: string, timestamp: string, body: string): string =>
  `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
