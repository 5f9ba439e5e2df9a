import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigModule, readConfig } from '../config/index.js';
import { Clock, Temporal } from '../time/index.js';
import { PublicController } from './public.controller.js';
import { PublicDoors } from './public-doors.js';

class StandingClock extends Clock {
  override now = () => Temporal.Instant.from('2026-03-02T09:00:00Z');
}

const opened: NestFastifyApplication[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function houseWith(role: string): Promise<NestFastifyApplication> {
  @Module({
    imports: [ConfigModule.with(readConfig({ ROLE: role, DATABASE_URL: 'postgresql://db/facet' }, '/tmp'))],
    controllers: [PublicController],
    providers: [PublicDoors, { provide: Clock, useClass: StandingClock }],
  })
  class House {}
  const app = await NestFactory.create<NestFastifyApplication>(House, new FastifyAdapter(), {
    logger: false,
  });
  opened.push(app);
  app.get(PublicDoors).register({
    name: 'echo',
    subject: /^[a-z]+$/,
    answer: async (subject) => (subject === 'none' ? null : { subject }),
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

const ask = async (app: NestFastifyApplication, path: string) => {
  const { statusCode, body } = await app.inject({ method: 'GET', url: path });
  return [statusCode, body];
};

describe('the public doors', () => {
  it('answer what a room registered, and nothing else', async () => {
    const app = await houseWith('api');
    expect(await ask(app, '/public/echo/hello')).toEqual([200, '{"subject":"hello"}']);
    for (const path of ['echo/none', 'echo/HELLO', 'toString/hello', '__proto__/hello']) {
      expect(await ask(app, `/public/${path}`), path).toEqual([404, '{"code":"NOT_FOUND"}']);
    }
    for (const path of ['echo', 'echo/hello/more', '']) {
      expect((await ask(app, `/public/${path}`))[0], path).toBe(404);
    }
  });

  it('are shut in processes that answer nobody', async () => {
    for (const role of ['worker', 'scanner']) {
      expect(await ask(await houseWith(role), '/public/echo/hello')).toEqual([404, '{"code":"NOT_FOUND"}']);
    }
  });
});
