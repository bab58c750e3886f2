import { readFileSync } from 'node:fs';
import { PermissionsBitField } from 'discord.js';
import { expect, it } from 'vitest';
import { discord } from '../src/discord.js';
import { settingsFrom } from '../src/settings.js';
import { threadRoom } from '../src/threads.js';

const guide = readFileSync(new URL('../../../docs/guides/discord.md', import.meta.url), 'utf8');

it('the invitation in the guide asks for the permissions that the bridge needs, and for no others', () => {
  const [, asked = ''] = /&permissions=(\d+)/.exec(guide) ?? [];
  const settings = settingsFrom({ botToken: 'a.b.c', channelId: '1234567890123456789' });
  const { ears } = threadRoom(
    discord(settings, () => 0),
    settings,
  );
  expect(new PermissionsBitField(BigInt(asked)).toArray()).toEqual(
    new PermissionsBitField(ears?.permissions).toArray(),
  );
});
