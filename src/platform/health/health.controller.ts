import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { HealthService } from './health.service.js';

@Controller('health')
export class HealthController {
  constructor(@Inject(HealthService) private readonly health: HealthService) {}

  /** The process runs and answers. A "no" means: start it again. */
  @Get('live')
  @Header('cache-control', 'no-store')
  live() {
    return { status: 'live' };
  }

  /** Everything this process needs answers. A "no" means: send it no work now. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const checks = await this.health.check();
    const figures = await this.health.readFigures();
    const isReady = Object.values(checks).every(Boolean);
    if (!isReady) reply.code(503);
    return { status: isReady ? 'ready' : 'not ready', checks, figures };
  }
}
