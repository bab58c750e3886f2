import {
  key,
  listOf,
  megabytes,
  oneOf,
  onOrOff,
  origins,
  proxy,
  secretText,
  webAddress,
  wholeNumber,
  words,
} from './reading.js';
import type { Variables } from './variable.js';

/** What concerns the server itself. */
export const serverVariables = {
  port: {
    name: 'PORT',
    means: 'The port to listen on; 0 for any free one.',
    default: '3001',
    example: '3001',
    read: wholeNumber({ from: 0, to: 65_535 }),
  },
  host: {
    name: 'HOST',
    means:
      'The address to listen on. 127.0.0.1 is this machine alone, 0.0.0.0 everybody who can reach it; in the container it is the latter.',
    default: '127.0.0.1',
    example: '0.0.0.0',
    read: words,
  },
  publicUrl: {
    name: 'PUBLIC_URL',
    means:
      'Where the outside world reaches this server, with the path that a proxy may have put before it: for links to files, for Telegram’s webhook, and for the line to embed.',
    otherwise: 'files that a messaging app does not take are named there, without a link',
    example: 'https://chat.example.com',
    read: webAddress,
  },
  allowedOrigins: {
    name: 'ALLOWED_ORIGINS',
    means: 'The websites that have the widget on their pages, with commas between them; * for every one.',
    otherwise: 'none but pages of this server’s own address',
    example: 'https://www.example.com,https://shop.example.com',
    read: origins,
  },
  trustProxy: {
    name: 'TRUST_PROXY',
    means:
      'The proxies in front of this server, whose X-Forwarded-For says who a visitor is: addresses, ranges, loopback (this machine), private (private networks), with commas between them.',
    otherwise: 'none: behind a proxy all visitors share one address, and its rate limits',
    example: 'loopback',
    read: listOf(proxy),
  },
  apiKey: {
    name: 'API_KEY',
    means:
      'The secret that your own backends send to use this server’s bridges; at least 16 characters, e.g. from openssl rand -hex 32.',
    otherwise:
      'only programs on the same machine may use the bridge API, and nobody where TRUST_PROXY or PUBLIC_URL says that there is a proxy',
    example: '3f1c9a7be45d20886f0e1d2c3b4a5968',
    secret: true,
    read: key,
  },
  welcomeMessage: {
    name: 'WELCOME_MESSAGE',
    means: 'What a visitor is greeted with.',
    otherwise: 'no greeting',
    example: 'Hi! How can we help?',
    read: words,
  },
  database: {
    name: 'POCKETPING_DB',
    means: 'The SQLite file of the conversations. In the container it is /data/pocketping.db.',
    default: 'data/pocketping.db',
    example: '/var/lib/pocketping/pocketping.db',
    read: words,
  },
  files: {
    name: 'POCKETPING_FILES',
    means: 'The folder of attachments; off for no attachments at all.',
    otherwise: 'the folder files beside the database',
    example: '/var/lib/pocketping/files',
    read: words,
  },
  bucket: {
    name: 'S3_BUCKET',
    means:
      'Attachments go into this bucket of Amazon S3, or of a store that speaks its language, instead of a folder.',
    otherwise: 'attachments are in a folder',
    example: 'example-chat-files',
    read: words,
  },
  region: {
    name: 'S3_REGION',
    means: 'Where the bucket is.',
    otherwise: 'what AWS_REGION says; us-east-1 with S3_ENDPOINT',
    example: 'eu-central-1',
    read: words,
  },
  endpoint: {
    name: 'S3_ENDPOINT',
    means: 'Another store than Amazon’s. Browsers use this address too, unless S3_DIRECT is off.',
    otherwise: 'Amazon S3',
    example: 'https://minio.example.com',
    read: webAddress,
  },
  prefix: {
    name: 'S3_PREFIX',
    means: 'What the name of every file in the bucket begins with.',
    otherwise: 'nothing',
    example: 'attachments/',
    read: words,
  },
  accessKeyId: {
    name: 'S3_ACCESS_KEY_ID',
    means: 'The key for the bucket.',
    otherwise: 'what the environment offers: AWS_ACCESS_KEY_ID, a profile, the role of the machine',
    example: 'AKIAIOSFODNN7EXAMPLE',
    secret: true,
    read: secretText,
  },
  secretAccessKey: {
    name: 'S3_SECRET_ACCESS_KEY',
    means: 'The other half of the key.',
    otherwise: 'as S3_ACCESS_KEY_ID',
    example: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    secret: true,
    read: secretText,
  },
  forcePathStyle: {
    name: 'S3_PATH_STYLE',
    means: 'on: the bucket’s name stands in the path of its address, not in the host’s name.',
    otherwise: 'on with S3_ENDPOINT, off without',
    example: 'on',
    read: onOrOff,
  },
  direct: {
    name: 'S3_DIRECT',
    means: 'off: browsers never meet the store, and all bytes pass through this server.',
    default: 'on',
    example: 'off',
    read: onOrOff,
  },
  maxBytes: {
    name: 'UPLOAD_MAX_MB',
    means: 'The size of one file in MB, the team’s included.',
    default: '25',
    example: '10',
    read: megabytes,
  },
  bytesADay: {
    name: 'UPLOAD_MB_PER_DAY',
    means: 'How many MB one visitor may upload within a day.',
    otherwise: 'ten times UPLOAD_MAX_MB',
    example: '100',
    read: megabytes,
  },
  filesADay: {
    name: 'UPLOAD_FILES_PER_DAY',
    means: 'How many files one visitor may upload within a day.',
    default: '100',
    example: '20',
    read: wholeNumber({ from: 1, to: 1_000_000 }),
  },
  logLevel: {
    name: 'LOG_LEVEL',
    means: 'What is logged, and all that is worse: debug, info, warn or error.',
    default: 'info',
    example: 'warn',
    read: oneOf('debug', 'info', 'warn', 'error'),
  },
} as const satisfies Variables;
