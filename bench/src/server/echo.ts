import { createServer } from 'node:http';
import express from 'express';
import { readJson } from './read-json.js';
import { listen, type Subject } from './subject.js';

/** The least that `node:http` can do with a request of JSON: parse it, and send it back. */
export async function nodeEcho(): Promise<Subject> {
  const server = createServer((req, res) => {
    readJson(req, (body) => {
      const json = JSON.stringify(body);
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
      res.end(json);
    });
  });
  return { port: await listen(server) };
}

/** The same in Express, with its own parser and its own way to answer. */
export async function expressEcho(): Promise<Subject> {
  const app = express();
  app.use('/pocketping', express.json());
  app.post('/pocketping/{*path}', (req, res) => {
    res.json(req.body);
  });
  return { port: await listen(createServer(app)) };
}
