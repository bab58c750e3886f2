/** How each kind of id begins; what follows is opaque, sorts by time of creation, and is never parsed. */
export const ID_PREFIXES = {
  session: 'sess_',
  message: 'msg_',
  attachment: 'att_',
  visitor: 'vis_',
  request: 'req_',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** `sess_…`: one conversation of a visitor with the team. */
export type SessionId = string;
/** `msg_…`: one message. */
export type MessageId = string;
/** `att_…`: one file of a message. */
export type AttachmentId = string;
/** `vis_…` when the server chose it; a browser may bring its own. */
export type VisitorId = string;
/** A place in a session's log. To a client it is an opaque cursor: it only grows, and it has holes. */
export type Seq = number;
/** An instant as ISO 8601 in UTC, e.g. `2026-01-21T00:00:00.000Z`. */
export type IsoTime = string;
