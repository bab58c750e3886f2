import { z } from 'zod';

export const senders = ['visitor', 'operator', 'ai', 'system'] as const;
export type Sender = (typeof senders)[number];

/** A file of a message. */
export const wireAttachment = z.object({
  id: z.string(),
  /** Safe to show and to save under. */
  name: z.string(),
  /** What its bytes are, whatever was said of them. */
  mimeType: z.string(),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  /** `fetching`: its bytes are still on their way here from a messaging app. `failed`: they could not be had. */
  status: z.enum(['ready', 'fetching', 'failed']),
  /** Where the file is to be had, below the mount or elsewhere, for a day at least; of one that is ready. */
  url: z.string().optional(),
});
export type WireAttachment = z.infer<typeof wireAttachment>;

/** A message as a visitor may see it. */
export const wireMessage = z.object({
  id: z.string(),
  sessionId: z.string(),
  /** Where the message entered the log; messages sort by it. */
  seq: z.number().int(),
  sender: z.enum(senders),
  /** The operator's name, where the platform tells it. */
  senderName: z.string().optional(),
  /** Empty once the message is deleted. */
  content: z.string(),
  /** Absent where there are none, and once the message is deleted. */
  attachments: z.array(wireAttachment).optional(),
  timestamp: z.iso.datetime(),
  /** Grows with every edit and with the deletion: of two copies, the higher version is the truth. */
  version: z.number().int().positive(),
  replyTo: z.string().optional(),
  /** The name the visitor's own client gave the message, so that it can recognise it. */
  clientMessageId: z.string().optional(),
  editedAt: z.iso.datetime().optional(),
  deletedAt: z.iso.datetime().optional(),
});
export type WireMessage = z.infer<typeof wireMessage>;

export const sessionStatuses = ['open', 'closed', 'ended'] as const;
/** `closed` by the team: the next message reopens it. `ended` by the visitor: the next message needs a new session. */
export type SessionStatus = (typeof sessionStatuses)[number];

/** How far each side has come: every message up to and including that `seq`. */
export const watermarks = z.object({
  /** The team's apps hold the visitor's messages up to here. */
  operatorDelivered: z.number().int(),
  /** The team has read the visitor's messages up to here. */
  operatorRead: z.number().int(),
  /** The visitor has read the team's messages up to here. */
  visitorRead: z.number().int(),
});
export type Watermarks = z.infer<typeof watermarks>;

export const presence = z.object({
  /** Somebody of the team is available now. */
  online: z.boolean(),
  /** The names of those who are. */
  operators: z.array(z.string()).optional(),
});
export type WirePresence = z.infer<typeof presence>;
