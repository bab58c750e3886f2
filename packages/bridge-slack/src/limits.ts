import type { Pacing } from '@pocketping/core';

/** What Slack documents of its limits, and where. */

/**
 * Characters of one of our posts. A text object takes 3,000, and so does a section; all blocks of a message together take
 * about 13,000, which is not documented.
 * @see https://docs.slack.dev/reference/block-kit/blocks/section-block
 * @see https://github.com/slackapi/bolt-js/issues/2509
 */
export const MESSAGE_LENGTH = 3000;

/**
 * Characters of `text`, after escaping, that an update takes. A post would take more, but has to remain editable.
 * @see https://docs.slack.dev/reference/methods/chat.update
 */
export const TEXT_LENGTH = 4000;

/**
 * A channel takes one message a second from an app; short bursts pass. Updates, deletions and reactions have a budget of
 * their own, of 50 a minute and more.
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
export const PACING: Pacing = { chat: { calls: 4, perMs: 4000 } };

/** Bytes of a file. @see https://slack.com/help/articles/201330736-Add-files-to-Slack */
export const FILE_BYTES = 1_000_000_000;

/** Seconds by which a request's clock may differ. @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const SIGNATURE_SECONDS = 300;

/** Messages asked for in one request. @see https://docs.slack.dev/reference/methods/conversations.history */
export const PAGE = 200;

/** Milliseconds to wait where Slack refuses for its limits and does not say for how long. */
export const UNTOLD_WAIT_MS = 30_000;
