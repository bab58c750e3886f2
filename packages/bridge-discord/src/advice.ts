/** What a person does about a refusal, in words that say what to click. */
export const CHECK_TOKEN =
  'The bot token is wrong or was reset. Open https://discord.com/developers/applications, choose your application → Bot → Reset Token, and set botToken to what it shows.';

export const SWITCH_ON_CONTENT =
  'The bot may not read messages. Open https://discord.com/developers/applications, choose your application → Bot → Privileged Gateway Intents, switch on "Message Content Intent", and save.';

export const CHECK_WEBHOOK =
  'The webhook is gone or its address is wrong. In Discord open the channel’s settings → Integrations → Webhooks, copy the webhook’s URL again (or make a new one), and set webhookUrl to it.';

export const NAME_THREAD =
  'A webhook posts to a text channel, or to one thread that is not locked: in a forum right-click the post → Copy Thread ID, and put it at the end of webhookUrl as "?thread_id=…". Or make the webhook in a text channel.';

export const REQUIRE_NO_TAG =
  'The forum channel takes no thread without a tag. In Discord open its settings → Overview, and switch off "Require people to select tags when posting".';

export const ARCHIVE_SOME =
  'A server has room for 1000 active threads. Close conversations with !close, or archive other threads of the server (right-click a thread → Close Thread): the conversation gets its thread within a minute.';

export const findChannel = (channelId: string): string =>
  `Check that channelId ("${channelId}") is the channel's id (right-click it → Copy Channel ID), and that the bot is on that server.`;

export const admit = (channelId: string): string =>
  `The bot cannot see the channel ${channelId}. In Discord open the channel's settings → Permissions → add the bot's role, and switch on "View Channel".`;

export const grant = (channelId: string, permissions: readonly string[] = NEEDED): string =>
  `In Discord open the settings of the channel ${channelId} → Permissions → choose the bot's role, and switch on ${permissions.map((name) => `"${name}"`).join(', ')}.`;

/** As Discord's settings call them. */
const NEEDED = [
  'View Channel',
  'Send Messages',
  'Create Public Threads',
  'Send Messages in Threads',
  'Embed Links',
  'Attach Files',
  'Add Reactions',
  'Read Message History',
];
