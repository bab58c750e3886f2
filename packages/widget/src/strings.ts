import { launcherStrings } from './launcher/strings.js';

/** Every text the widget shows, in English. `{name}` and `{count}` are replaced. */
export const defaultStrings = {
  ...launcherStrings,
  title: 'Chat with us',
  greeting: 'Hello there 👋',
  introduction: 'Write to us. Real people answer.',
  online: 'Online',
  away: 'We’ll reply as soon as we can',
  placeholder: 'Write a message…',
  send: 'Send',
  openUnread: 'Open chat, {count} unread',
  close: 'Close chat',
  menu: 'More options',
  conversation: 'Conversation',
  loadingOlder: 'Loading…',
  latest: 'Latest messages',
  today: 'Today',
  yesterday: 'Yesterday',
  you: 'You',
  team: 'Team',
  typing: '{name} is typing',
  sending: 'Sending',
  waiting: 'Waiting',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent',
  edited: 'edited',
  deleted: 'Message deleted',
  reply: 'Reply',
  replyingTo: 'Replying to {name}',
  earlierMessage: 'Earlier message',
  edit: 'Edit',
  save: 'Save',
  cancel: 'Cancel',
  remove: 'Delete',
  retry: 'Try again',
  charactersLeft: '{count} left',
  reconnecting: 'Reconnecting…',
  offline: 'You’re offline. Messages are sent when you are back.',
  unavailable: 'The chat is not available.',
  changeFailed: 'That did not work.',
  closedByTeam: 'The conversation was closed. Write to reopen it.',
  endedByYou: 'You ended the conversation. Write to start a new one.',
  end: 'End conversation',
  endTitle: 'End this conversation?',
};

export type Strings = typeof defaultStrings;

/** Puts values into `{placeholders}`. */
export const fill = (template: string, values: Record<string, string | number>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => `${values[name] ?? whole}`);
