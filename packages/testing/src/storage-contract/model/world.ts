/*
 * What random commits are about: so few of everything that they meet.
 */

export const SESSIONS = ['sess_0', 'sess_1', 'sess_2'] as const;
export const VISITORS = ['vis_0', 'vis_1', 'vis_2'] as const;
export const TOKENS = ['hash_0', 'hash_1', 'hash_2'] as const;
export const MESSAGES = Array.from({ length: 12 }, (_, index) => `msg_${index}`);
export const BRIDGES = ['support', 'sales'] as const;
export const CHATS = ['chat'] as const;
export const THREADS = ['thread_0', ''] as const;
export const POSTS = ['1', '2'] as const;
export const QUEUES = ['queue', 'other queue'] as const;
export const KEYS = ['a', 'b'] as const;
export const SCOPES = ['scope', 'other scope'] as const;
export const OWNERS = ['me', 'you'] as const;
export const LEASES = ['pump', 'poll'] as const;
