import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { RequiresPermission } from '../../platform/graphql/access.js';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { AuditService } from './audit.service.js';
import { type Actor, AuditEntry, AuditEntryPage, AuditFilterInput } from './audit.type.js';

@Resolver(() => AuditEntry)
export class AuditResolver {
  constructor(@Inject(AuditService) private readonly audit: AuditService) {}

  // The permission is spelled out because auth, where permissions are listed, is a later room.
  @RequiresPermission('READ_AUDIT')
  @Query(() => AuditEntryPage, {
    description: 'Who did or looked at what, newest first. Needs READ_AUDIT; looking here is recorded too.',
  })
  auditEntries(
    @CurrentRequest() request: RequestContext<{ readonly actor: Actor }>,
    @Args('filter', { type: () => AuditFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: AuditFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    if (request.caller === null) throw new Fault('UNAUTHENTICATED', 'Sign in first.');
    return this.audit.auditEntries(request.caller.actor, filter, page);
  }
}
