/** A refusal as Discord words it. @see https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes */
export class DiscordApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    override readonly message: string,
    readonly errors?: unknown,
  ) {
    super(message);
    this.name = 'DiscordApiError';
  }
}

const refusal = (status: number, code: number, message: string) => () =>
  new DiscordApiError(status, code, message);

export const unauthorized = refusal(401, 0, '401: Unauthorized');
export const notFound = refusal(404, 0, '404: Not Found');
export const methodNotAllowed = refusal(405, 0, '405: Method Not Allowed');
export const badJson = refusal(400, 50109, 'The request body contains invalid JSON.');
export const unknownChannel = refusal(404, 10003, 'Unknown Channel');
export const unknownGuild = refusal(404, 10004, 'Unknown Guild');
export const unknownMessage = refusal(404, 10008, 'Unknown Message');
export const unknownWebhook = refusal(404, 10015, 'Unknown Webhook');
export const missingAccess = refusal(403, 50001, 'Missing Access');
export const anothersMessage = refusal(403, 50005, 'Cannot edit a message authored by another user');
export const emptyMessage = refusal(400, 50006, 'Cannot send an empty message');
export const noText = refusal(400, 50008, 'Cannot send messages in a non-text channel');
export const missingPermissions = refusal(403, 50013, 'Missing Permissions');
export const tagRequired = refusal(400, 40067, 'A tag is required to create a forum post in this channel');
export const wrongChannelType = refusal(400, 50024, 'Cannot execute action on this channel type');
export const invalidWebhookToken = refusal(401, 50027, 'Invalid Webhook Token');
export const systemMessage = refusal(403, 50021, 'Cannot execute action on a system message');
export const threadArchived = refusal(400, 50083, 'Thread is archived');
export const threadLocked = refusal(400, 160005, 'Thread is locked');
export const threadMissing = refusal(
  400,
  220001,
  'Webhooks posted to forum channels must have a thread_name or thread_id',
);

/**
 * @param field the path of what is wrong, such as `content`
 * @see https://discord.com/developers/docs/reference#error-messages
 */
export const invalidForm = (field: string, code: string, message: string): DiscordApiError => {
  const wrong = { _errors: [{ code, message }] };
  const errors = field
    .split('.')
    .reverse()
    .reduce<unknown>((inner, name) => ({ [name]: inner }), wrong);
  return new DiscordApiError(400, 50035, 'Invalid Form Body', errors);
};
