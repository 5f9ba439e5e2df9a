import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { Allow, Permission } from '../auth/permission.type.js';
import { InboundMailbox } from './inbound-mail.type.js';
import { InboundMailboxService } from './inbound-mailbox.service.js';

@Resolver(() => InboundMailbox)
export class InboundMailResolver {
  constructor(@Inject(InboundMailboxService) private readonly mailboxRoom: InboundMailboxService) {}

  @Allow(Permission.READ_ENQUIRY)
  @Query(() => [InboundMailbox], {
    description:
      'The mailboxes that are or were read for enquiries (setting IMAP_URL), by address; none when no mailbox is read. ' +
      'Needs READ_ENQUIRY.',
  })
  inboundMailboxes() {
    return this.mailboxRoom.mailboxes();
  }
}
