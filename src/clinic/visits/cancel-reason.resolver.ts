import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { Allow, Permission } from '../auth/permission.type.js';
import { CancelReasonService } from './cancel-reason.service.js';
import { CancelReason } from './cancel-reason.type.js';

@Resolver(() => CancelReason)
export class CancelReasonResolver {
  constructor(@Inject(CancelReasonService) private readonly reasons: CancelReasonService) {}

  @Allow(Permission.READ_VISIT)
  @Query(() => [CancelReason], {
    description:
      'The reasons for which a visit can be cancelled today, by name, with who may give each and whether it wants a comment. Needs READ_VISIT.',
  })
  cancelReasons() {
    return this.reasons.cancelReasons();
  }
}
