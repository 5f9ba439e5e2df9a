import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { EnquiryEvent, EnquiryMessage } from './enquiry.type.js';
import { EnquiryEventService } from './enquiry-event.service.js';
import { EnquiryMessageService } from './enquiry-message.service.js';
import type { RedFlagAlert, RedFlagAsking } from './red-flag.type.js';
import { RedFlagAlertService } from './red-flag-alert.service.js';
import { RedFlagAskingService } from './red-flag-asking.service.js';

type ByEnquiry<Part> = Promise<ReadonlyMap<string, readonly Part[]>>;

/** What hangs on enquiries that are shown, for many at once. The look was recorded with the enquiries. */
@Injectable()
export class EnquiryPartsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EnquiryMessageService) private readonly threads: EnquiryMessageService,
    @Inject(EnquiryEventService) private readonly histories: EnquiryEventService,
    @Inject(RedFlagAskingService) private readonly redFlagAskings: RedFlagAskingService,
    @Inject(RedFlagAlertService) private readonly redFlagAlerts: RedFlagAlertService,
  ) {}

  messages(enquiryIds: readonly string[]): ByEnquiry<EnquiryMessage> {
    return this.threads.ofEnquiries(this.database.client, enquiryIds);
  }

  events(enquiryIds: readonly string[]): ByEnquiry<EnquiryEvent> {
    return this.histories.ofEnquiries(this.database.client, enquiryIds);
  }

  askings(enquiryIds: readonly string[]): ByEnquiry<RedFlagAsking> {
    return this.redFlagAskings.ofEnquiries(this.database.client, enquiryIds);
  }

  alerts(enquiryIds: readonly string[]): ByEnquiry<RedFlagAlert> {
    return this.redFlagAlerts.ofEnquiries(this.database.client, enquiryIds);
  }
}
