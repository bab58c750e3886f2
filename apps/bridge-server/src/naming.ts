import { type Platform, parts } from './variables/index.js';

/**
 * What a bridge says, in the words of whoever configures it here: bridges speak of their options, and here these are
 * variables.
 */
export const inVariables = (platform: Platform, text: string): string => {
  let said = text
    .replace(/^\w+Bridge: /, '')
    .replace(/\bwebhook\.(secret|url)\b/g, (_, key: string) =>
      key === 'secret' ? 'TELEGRAM_WEBHOOK_SECRET' : 'PUBLIC_URL',
    );
  for (const [option, { name }] of Object.entries(parts[platform]))
    if (/[A-Z]/.test(option)) said = said.replace(new RegExp(`\\b${option}\\b`, 'g'), name);
  return said;
};

/** The platform that a bridge belongs to, by its name in the engine: one platform may have several. */
export const platformOf = (bridge: unknown): Platform | undefined => {
  const [platform] = typeof bridge === 'string' ? bridge.split('-') : [];
  return platform !== undefined && platform in parts && platform !== 'server'
    ? (platform as Platform)
    : undefined;
};
