import { z } from 'zod';
import { LIMITS } from './limits.js';
import { lenientText, text } from './text.js';

const metadataText = lenientText(LIMITS.metadataLength).optional();

/** What a browser tells about the page and itself. Unknown fields are dropped. */
export const sessionMetadata = z.object({
  url: metadataText,
  pageTitle: metadataText,
  referrer: metadataText,
  userAgent: metadataText,
  /** A BCP 47 tag, e.g. `en-GB`. */
  language: metadataText,
  /** An IANA name, e.g. `Europe/Vienna`. */
  timezone: metadataText,
  /** E.g. `1920x1080`. */
  screenResolution: metadataText,
});
export type WireMetadata = z.infer<typeof sessionMetadata>;

const identityText = text(LIMITS.identityLength).min(1).optional();

/** Who the visitor says they are. A claim, unless the site's own backend made it. */
export const identity = z
  .object({
    /** The site's own id of this person. */
    id: identityText,
    name: identityText,
    email: identityText,
    phone: identityText,
    customerId: identityText,
    metadata: z
      .record(
        text(LIMITS.identityLength).min(1),
        z.union([text(LIMITS.metadataLength), z.number(), z.boolean(), z.null()]),
      )
      .refine((entries) => Object.keys(entries).length <= LIMITS.identityEntries, {
        message: `must have at most ${LIMITS.identityEntries} entries`,
      })
      .optional(),
  })
  .refine((value) => Object.values(value).some((field) => field !== undefined), {
    message: 'must have at least one of id, name, email, phone, customerId, metadata',
  });
export type WireIdentity = z.infer<typeof identity>;
