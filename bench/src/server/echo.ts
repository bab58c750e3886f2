import { createServer } from 'node:http';
import express from 'express';
import Fastify from 'fastify';
import { readJson } from './read-json.js';
import { type Framework, listen, type Subject } from './subject.js';

/** A server that sends back the JSON it is sent, as one would write it for this framework. */
export const echo = (framework: Framework): Promise<Subject> => ECHOES[framework]();

/** The least that `node:http` can do with a request of JSON: parse it, and send it back. */
async function nodeEcho(): Promise<Subject> {
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
async function expressEcho(): Promise<Subject> {
  const app = express();
  app.use('/pocketping', express.json());
  app.post('/pocketping/{*path}', (req, res) => {
    res.json(req.body);
  });
  return { port: await listen(createServer(app)) };
}

/** And in Fastify. */
async function fastifyEcho(): Promise<Subject> {
  const app = Fastify();
  app.post('/pocketping/*', (request, reply) => {
    reply.send(request.body);
  });
  await app.ready();
  return { port: await listen(app.server) };
}

/** And in a route of Next's App Router. */
async function nextEcho(): Promise<Subject> {
  const { servedByNext } = await import('./next-app.js');
  const serve = await servedByNext(async (request) => Response.json(await request.json()));
  return { port: await listen(createServer(serve)) };
}

const ECHOES: Readonly<Record<Framework, () => Promise<Subject>>> = {
  node: nodeEcho,
  express: expressEcho,
  fastify: fastifyEcho,
  next: nextEcho,
};
