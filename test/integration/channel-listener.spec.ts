import { connect, createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChannelListener } from '../../src/platform/database/channel-listener.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

/** Between the listener and PostgreSQL: it can fall silent without ending anything, as a broken network does. */
interface Wire {
  readonly url: string;
  /** Connections that were opened through it. */
  readonly opened: () => number;
  /** Nothing gets through any more on the connections that there are. */
  readonly fallSilent: () => void;
  readonly end: () => void;
}

async function wireTo(databaseUrl: string): Promise<Wire> {
  const url = new URL(databaseUrl);
  const { hostname, port } = url;
  const sockets: Socket[] = [];
  const server: Server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    sockets.push(near, far);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.toString(),
    opened: () => sockets.length / 2,
    fallSilent: () => {
      for (const socket of sockets) socket.unpipe().resume();
    },
    end: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

let db: TestDatabase;
let admin: pg.Client;
let wire: Wire;
const listeners: ChannelListener[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  wire = await wireTo(db.url);
  admin = new pg.Client({ connectionString: db.adminUrl });
  await admin.connect();
});

afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close();
});

afterAll(async () => {
  wire.end();
  await admin.end();
  await db.drop();
});

describe('a connection that listens', () => {
  it('is opened again when it died in silence, and stays while it answers', async () => {
    const heard: string[] = [];
    let opened = 0;
    const listener = new ChannelListener(
      wire.url,
      {
        channel: 'a_channel',
        applicationName: 'facet-test-listen',
        heard: (payload) => heard.push(payload),
        opened: () => {
          opened += 1;
        },
      },
      { askEveryMs: 50, answerWaitMs: 1_000 },
    );
    listeners.push(listener);
    await listener.open();
    expect([opened, wire.opened()]).toEqual([1, 1]);
    const asked = `SELECT FROM pg_stat_activity
      WHERE application_name = 'facet-test-listen' AND datname = current_database() AND query = 'SELECT 1'`;
    await until(async () => (await admin.query(asked)).rowCount === 1);
    await admin.query(`NOTIFY a_channel, 'first'`);
    await until(() => heard.length === 1);
    expect(opened).toBe(1);
    wire.fallSilent();
    await until(() => opened === 2);
    await admin.query(`NOTIFY a_channel, 'second'`);
    await until(() => heard.length === 2);
    expect([heard, wire.opened()]).toEqual([['first', 'second'], 2]);
  });
});
