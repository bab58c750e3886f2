import { quickStartContract } from '@pocketping/testing';

const example: string = './quick-start.js';
quickStartContract({ directory: import.meta.dirname, load: () => import(example) });
