import { Controller, Get, Inject, Param, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { closeUnlessRead, FaultAnswer, UNSHARED } from '../../platform/http/fault-answer.js';
import { SessionGuard } from '../../platform/http/session-guard.js';
import { isRefusal, notFound } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { SubjectAccessDownloadService } from './subject-access-download.service.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CONFLICT = 409;
const DOWNLOAD_IDLE_MAX_MS = 60_000;

/** A copy of a record as one ZIP file, for staff who are signed in, by the same token as in the graph. */
@Controller('subject-access')
@UseGuards(SessionGuard)
@UseFilters(FaultAnswer)
export class SubjectAccessController {
  constructor(
    @Inject(SubjectAccessDownloadService) private readonly downloads: SubjectAccessDownloadService,
  ) {}

  @Allow(Permission.EXPORT_PATIENT)
  @Get(':id')
  async fetch(
    @CurrentActor() actor: StaffActor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!UUID.test(id)) throw notFound('subject access request');
    const found = await this.downloads.fetchCopy(actor, id.toLowerCase());
    if (isRefusal(found)) {
      closeUnlessRead(request, reply);
      const { code, message, trouble } = found;
      void reply.code(CONFLICT).headers(UNSHARED).send({ code, message, trouble });
      return;
    }
    // A reader that takes nothing for so long has gone without saying so.
    reply.raw.setTimeout(DOWNLOAD_IDLE_MAX_MS, () => reply.raw.destroy());
    void reply
      .headers(UNSHARED)
      .header('content-type', 'application/zip')
      .header('content-disposition', `attachment; filename="${found.fileName}"`)
      .send(found.content);
  }
}
