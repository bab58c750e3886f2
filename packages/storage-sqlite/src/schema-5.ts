/** To the fifth schema: the files of a message, as JSON; NULL where there are none, as in all messages so far. */
export const SCHEMA_5 = 'ALTER TABLE messages ADD COLUMN attachments TEXT';
